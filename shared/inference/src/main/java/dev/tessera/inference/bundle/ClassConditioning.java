package dev.tessera.inference.bundle;

/** @param classes number of classes; a request names one of 0 to classes - 1 */
public record ClassConditioning(int classes) implements Conditioning {
    public ClassConditioning {
        Numbers.requirePositive("conditioning.classes", classes);
    }
}
