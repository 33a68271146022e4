package dev.microgpt;

import dev.microgpt.transformer.Engine.Kind;
import java.util.OptionalDouble;

/**
 * Where a model comes from.
 *
 * @param libraryVersion version of this library that trained it
 * @param dataSha256 SHA-256 of the list: each string, stripped, in UTF-8 with a line feed behind it; hexadecimal digits
 * @param dataCount number of strings in the list
 * @param steps updates that were made, those of earlier trainings included
 * @param engine what computed them
 * @param trainingLoss mean loss of the last 100 updates, nats per token; empty if there was none
 * @param heldOutLoss loss on the held-out strings, nats per token; empty if there were none
 */
public record Provenance(
        String libraryVersion,
        String dataSha256,
        int dataCount,
        int steps,
        Kind engine,
        OptionalDouble trainingLoss,
        OptionalDouble heldOutLoss) {
    /**
     * Checks the counts.
     *
     * @param libraryVersion see the record
     * @param dataSha256 see the record
     * @param dataCount see the record
     * @param steps see the record
     * @param engine see the record
     * @param trainingLoss see the record
     * @param heldOutLoss see the record
     * @throws IllegalArgumentException if a count or the hash is not valid
     */
    public Provenance {
        if (dataCount < 1 || steps < 0) {
            throw new IllegalArgumentException("dataCount " + dataCount + " or steps " + steps + " is too small");
        }
        if (!dataSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("dataSha256 " + dataSha256 + " is not 64 hexadecimal digits");
        }
    }
}
