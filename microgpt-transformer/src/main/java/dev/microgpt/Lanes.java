package dev.microgpt;

import dev.microgpt.text.Sampler;
import dev.microgpt.transformer.BatchContext;
import dev.microgpt.transformer.Gpt;
import dev.microgpt.transformer.GptConfig;
import dev.microgpt.transformer.Precision;
import java.util.random.RandomGenerator;

/**
 * Writes many strings of a GPT at once, each in a lane of a {@link BatchContext}; when a string has ended, the lane begins the next.
 * The strings are those that a {@link Completer} writes one by one, to the letter: the logits of a batch are the same but
 * for rounding, and where that might change what is drawn, the completer writes the rest of the string.
 */
final class Lanes {
    /** How many strings at once. */
    static final int COUNT = 64;

    private static final int FEW = 8; // so many, and no more to begin, are written one by one
    private static final int AHEAD = 4 * COUNT; // strings that may be done before their turn
    private static final double ERROR = 1e-12; // of a logit of BatchContext in double
    private static final long MOST_MEMORY = 1 << 22; // numbers, 32 MB

    private final Generator generator;
    private final Completer completer;
    private final BatchContext batch;
    private final Lane[] lanes = new Lane[COUNT];
    private final int[] tokens = new int[COUNT];
    private final Attempts[] done = new Attempts[AHEAD]; // by index
    private final long end;
    private long begun; // first index that no lane has
    private long next; // first index that was not handed out

    /** One string being written. */
    private final class Lane {
        private Attempts attempts; // null while there is nothing to do
        private StringBuilder text;
        private int length; // characters
        private int state; // of the text, to the pattern
        private int read; // tokens, BOS included
        private int token; // drawn last

        void begin() {
            text = new StringBuilder(completer.options().prefix());
            length = completer.prefixLength();
            state = completer.stateOfPrefix();
            read = 0;
        }

        /** The next token to read: BOS, the prefix, what was drawn. */
        int toRead() {
            return attempts == null || read == 0
                    ? completer.bos()
                    : read <= completer.prefixLength() ? completer.prefixToken(read - 1) : token;
        }

        /** Draws from the logits after what was read; whether the string has ended. */
        boolean draw(double[] logits) {
            read++;
            if (read <= completer.prefixLength()) {
                return false;
            }
            RandomGenerator random = attempts.random();
            double uniform = random.nextDouble();
            token = completer.nextIfCertain(logits, length, state, uniform, ERROR);
            if (token == Sampler.UNDECIDED) {
                text = new StringBuilder(completer.goOn(text.toString(), uniform, random));
                return true;
            }
            if (token == completer.bos()) {
                return true;
            }
            text.append(completer.symbol(token));
            state = completer.nextState(state, token);
            length++;
            return length == completer.maxLength();
        }

        /** Writes the rest by itself. */
        void finish() {
            RandomGenerator random = attempts.random();
            text = new StringBuilder(completer.goOn(text.toString(), random.nextDouble(), random));
        }
    }

    /** Whether a completer's strings can be written so. */
    static boolean suit(Completer completer) {
        return completer.model() instanceof Gpt gpt
                && completer.temperature() > 0
                && completer.prefixLength() < completer.maxLength()
                && COUNT * numbers(gpt.config()) <= MOST_MEMORY;
    }

    /** About how many a lane has: keys, values, activations and logits. */
    private static long numbers(GptConfig config) {
        return 2L * config.layerCount() * config.blockSize() * config.embedDim()
                + 16L * config.embedDim()
                + 3L * config.vocabSize();
    }

    /** The strings of a generator from {@code first} to {@code end} − 1. */
    Lanes(Generator generator, Completer completer, long first, long end) {
        this.generator = generator;
        this.completer = completer;
        this.batch = ((Gpt) completer.model()).newBatch(COUNT, Precision.DOUBLE);
        this.begun = first;
        this.next = first;
        this.end = end;
        for (int i = 0; i < COUNT; i++) {
            lanes[i] = new Lane();
        }
    }

    /** What came of the draws of the next string. */
    Attempts next() {
        int place = (int) (next % AHEAD);
        while (done[place] == null) {
            step();
        }
        Attempts attempts = done[place];
        done[place] = null;
        next++;
        return attempts;
    }

    /** One more token of each string; or the rest of the last few. */
    private void step() {
        Completer.requireNoInterrupt();
        int busy = 0;
        for (int i = 0; i < COUNT; i++) {
            Lane lane = lanes[i];
            if (lane.attempts == null) {
                batch.restart(i);
                if (begun < end && begun < next + AHEAD) {
                    lane.attempts = generator.attempts(begun++);
                    lane.begin();
                }
            }
            busy += lane.attempts == null ? 0 : 1;
            tokens[i] = lane.toRead();
        }
        if (busy <= FEW && begun == end) {
            finishAll();
            return;
        }
        double[][] logits = batch.next(tokens);
        for (int i = 0; i < COUNT; i++) {
            Lane lane = lanes[i];
            if (lane.attempts != null && lane.draw(logits[i])) {
                batch.restart(i);
                ended(lane);
            }
        }
    }

    private void finishAll() {
        for (Lane lane : lanes) {
            while (lane.attempts != null) {
                lane.finish();
                ended(lane);
            }
        }
    }

    private void ended(Lane lane) {
        if (lane.attempts.isLast(lane.text.toString())) {
            done[(int) (lane.attempts.index() % AHEAD)] = lane.attempts;
            lane.attempts = null;
        } else {
            lane.begin(); // it must be dropped
        }
    }
}
