package dev.tessera.evaluation;

import dev.tessera.evaluation.EvaluationException.Reason;

/**
 * How well pictures show what their prompts say: 100 times the mean cosine between the two in CLIP's space, where one below 0 counts as 0
 * (after Hessel et al. 2021, arXiv 2104.08718, without its factor of 2.5). Between 0 and 100.
 */
public final class ClipScore {
    private static final double SCALE = 100;

    private ClipScore() {}

    /**
     * @param texts the prompt's vector for each picture, in the same order
     * @throws EvaluationException when there are not as many of one as of the other, or their widths differ
     */
    public static double of(Features pictures, Features texts) {
        if (pictures.count() != texts.count() || pictures.width() != texts.width()) {
            throw new EvaluationException(
                    Reason.UNUSABLE_SET,
                    "there are " + pictures.count() + " vectors of " + pictures.width() + " for pictures and "
                            + texts.count() + " of " + texts.width() + " for their prompts");
        }
        double sum = 0;
        for (int row = 0; row < pictures.count(); row++) {
            sum += Math.max(0, cosine(pictures, texts, row));
        }
        return SCALE * sum / pictures.count();
    }

    private static double cosine(Features pictures, Features texts, int row) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < pictures.width(); i++) {
            product += pictures.get(row, i) * texts.get(row, i);
            first += pictures.get(row, i) * pictures.get(row, i);
            second += texts.get(row, i) * texts.get(row, i);
        }
        return first == 0 || second == 0 ? 0 : product / Math.sqrt(first * second);
    }
}
