package dev.tessera.tokenizer.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.tokenizer.TokenizerException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Splits prompts into tokens as {@code tokenizer.json} says, its normaliser included. Whatever that file says of
 * padding and truncation is overruled: no padding, and cut so that the closing token still fits.
 */
public final class PromptTokenizer implements AutoCloseable {
    static {
        // The library would otherwise look for a GPU, report its use, and download what it does not find in its jar.
        setUnlessSet("TOKENIZERS_FLAVOR", "cpu");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer tokenizer;

    private PromptTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * @param maxTokens longest prompt in tokens, the closing one included
     * @throws TokenizerException when the file is none
     */
    public static PromptTokenizer open(Path file, int maxTokens) {
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "maxLength", Integer.toString(maxTokens),
                "modelMaxLength", Integer.toString(maxTokens),
                "padding", "false");
        try (InputStream in = Files.newInputStream(file)) {
            return new PromptTokenizer(HuggingFaceTokenizer.newInstance(in, options));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new TokenizerException(
                    Reason.TOKENIZER_UNREADABLE, file + " cannot be opened as a tokenizer: " + e.getMessage(), e);
        }
    }

    /** Token ids, the closing one last. */
    public long[] ids(String prompt) {
        return tokenizer.encode(prompt).getIds();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
