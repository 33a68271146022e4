package dev.microgpt.evaluation;

/**
 * What may come next in a string, and how likely the model thinks it is.
 *
 * @param character one Unicode code point, or "" for the end of the string
 * @param probability in [0, 1]
 */
public record Candidate(String character, double probability) {}
