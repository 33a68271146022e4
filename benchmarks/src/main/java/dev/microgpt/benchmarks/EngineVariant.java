package dev.microgpt.benchmarks;

import dev.microgpt.optim.Optimizer;
import dev.microgpt.transformer.Engine;
import dev.microgpt.transformer.Engine.Kind;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.Precision;

/** A kind of engine in a precision that it has; from the slowest to the fastest, that of values first. */
public enum EngineVariant {
    /** {@link Kind#VALUE}, the reference. */
    VALUE(Kind.VALUE, Precision.DOUBLE),
    /** {@link Kind#TAPE}. */
    TAPE(Kind.TAPE, Precision.DOUBLE),
    /** {@link Kind#ARRAY}. */
    ARRAY(Kind.ARRAY, Precision.DOUBLE),
    /** {@link Kind#VECTOR} in double precision. */
    VECTOR(Kind.VECTOR, Precision.DOUBLE),
    /** {@link Kind#VECTOR} in single precision. */
    VECTOR_FLOAT(Kind.VECTOR, Precision.FLOAT);

    private final Kind kind;
    private final Precision precision;

    EngineVariant(Kind kind, Precision precision) {
        this.kind = kind;
        this.precision = precision;
    }

    /**
     * The way of computing.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * How many bits a number has.
     *
     * @return the precision
     */
    public Precision precision() {
        return precision;
    }

    Engine engine(Gpt start, Optimizer optimizer) {
        return Engine.of(kind, precision, start, optimizer);
    }
}
