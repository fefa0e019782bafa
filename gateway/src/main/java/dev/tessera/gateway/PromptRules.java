package dev.tessera.gateway;

import java.util.Optional;

/** What a prompt may be. */
record PromptRules(int maxCharacters) {
    /** What is wrong with the text and what would be right; never a part of the text itself. */
    Optional<String> violation(String text) {
        if (text.isBlank()) {
            return Optional.of("is empty; say what the picture shows");
        }
        int characters = text.codePointCount(0, text.length());
        if (characters > maxCharacters) {
            return Optional.of("has " + characters + " characters; give at most " + maxCharacters);
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            return Optional.of("has control characters; replace line breaks and tabs by spaces");
        }
        if (text.codePoints().anyMatch(PromptRules::isLoneSurrogate)) {
            return Optional.of("has half of a surrogate pair; give whole characters");
        }
        return Optional.empty();
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
