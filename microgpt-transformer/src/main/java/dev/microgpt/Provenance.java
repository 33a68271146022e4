package dev.microgpt;

import dev.microgpt.safetensors.Json;
import dev.microgpt.safetensors.JsonObject;
import dev.microgpt.transformer.Engine.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Where a model comes from: the library, the list, and how training went. Immutable; two are equal if all they say is.
 *
 * @since 0.1
 */
public final class Provenance {
    private final String libraryVersion;
    private final String dataSha256;
    private final int dataCount;
    private final OptionalInt longest;
    private final int steps;
    private final Kind engine;
    private final OptionalDouble trainingLoss;
    private final OptionalDouble heldOutLoss;

    /**
     * What a run has to say.
     *
     * @param longest characters of the longest string that the model was ever trained on; empty if that is not known, as of a
     *     model from an earlier version
     * @throws IllegalArgumentException if a count or the hash is not valid
     */
    Provenance(
            String libraryVersion,
            String dataSha256,
            int dataCount,
            OptionalInt longest,
            int steps,
            Kind engine,
            OptionalDouble trainingLoss,
            OptionalDouble heldOutLoss) {
        if (dataCount < 1) {
            throw new IllegalArgumentException("dataCount " + dataCount + " is below 1");
        }
        if (longest.isPresent() && longest.getAsInt() < 1) {
            throw new IllegalArgumentException("longest " + longest.getAsInt() + " is below 1");
        }
        if (steps < 0) {
            throw new IllegalArgumentException("steps " + steps + " is below 0");
        }
        if (!dataSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "dataSha256 " + Json.shown(dataSha256) + " is not 64 hexadecimal digits");
        }
        this.libraryVersion = libraryVersion;
        this.dataSha256 = dataSha256;
        this.dataCount = dataCount;
        this.longest = longest;
        this.steps = steps;
        this.engine = engine;
        this.trainingLoss = trainingLoss;
        this.heldOutLoss = heldOutLoss;
    }

    /** Reads what {@link #toJson} wrote. */
    static Provenance of(JsonObject json) {
        return json.make(() -> new Provenance(
                json.requireString("libraryVersion"),
                json.requireString("dataSha256"),
                json.requireInt("dataCount"),
                json.optionalInt("longest"),
                json.requireInt("steps"),
                FileKeys.engine(json),
                json.optionalDouble("trainingLoss"),
                json.optionalDouble("heldOutLoss")));
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("libraryVersion", libraryVersion);
        json.put("dataSha256", dataSha256);
        json.put("dataCount", dataCount);
        longest.ifPresent(characters -> json.put("longest", characters));
        json.put("steps", steps);
        json.put("engine", FileKeys.text(engine));
        trainingLoss.ifPresent(loss -> json.put("trainingLoss", loss));
        heldOutLoss.ifPresent(loss -> json.put("heldOutLoss", loss));
        return json;
    }

    /**
     * The version of this library that trained the model.
     *
     * @return such as {@code 0.1.0}
     */
    public String libraryVersion() {
        return libraryVersion;
    }

    /**
     * The hash of the list.
     *
     * @return SHA-256 of each string, stripped, in UTF-8 and with a line feed after it; 64 hexadecimal digits
     */
    public String dataSha256() {
        return dataSha256;
    }

    /**
     * The number of strings in the list.
     *
     * @return at least 1, those held out included
     */
    public int dataCount() {
        return dataCount;
    }

    /** Characters of the longest string that the model was trained on, in code points; empty if that is not known. */
    OptionalInt longest() {
        return longest;
    }

    /**
     * The number of steps that were made.
     *
     * @return at least 0; of a model that was trained further, those before included
     */
    public int steps() {
        return steps;
    }

    /**
     * What computed the last steps.
     *
     * @return the kind of engine
     */
    public Kind engine() {
        return engine;
    }

    /**
     * The training loss at the end.
     *
     * @return mean of the last 100 steps, nats per token; empty if none was made
     */
    public OptionalDouble trainingLoss() {
        return trainingLoss;
    }

    /**
     * The validation loss: that on the held-out strings.
     *
     * @return nats per token, of the model that was kept; empty if no string was held out
     */
    public OptionalDouble heldOutLoss() {
        return heldOutLoss;
    }

    /** All of it, as a model file keeps it: JSON. */
    @Override
    public String toString() {
        return Json.write(toJson());
    }

    /** Whether both say the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Provenance provenance && toJson().equals(provenance.toJson());
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }
}
