/**
 * Strings that must fit a pattern. Internal: not exported, and free to change. Nothing here knows what a GPT is.
 *
 * <p>{@link dev.microgpt.pattern.Places} reads the pattern: which character may follow which. {@link dev.microgpt.pattern.Matches}
 * makes one state of all places that a string may have come to, and knows from each state which lengths lead to a match.
 */
package dev.microgpt.pattern;
