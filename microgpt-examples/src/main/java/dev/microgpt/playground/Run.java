package dev.microgpt.playground;

import dev.microgpt.text.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A training of {@value #STEPS} steps that is looked at afterwards: the model after every {@value #EVERY} steps. It takes
 * place when somebody first asks for a trained model.
 *
 * @param <M> what was trained
 */
final class Run<M extends LanguageModel> {
    static final int STEPS = 1000;
    static final int EVERY = 50;

    private final Supplier<Training<M>> start;
    private final List<M> models = new ArrayList<>(); // after 0, 50, 100, … steps

    Run(Supplier<Training<M>> start) {
        this.start = start;
    }

    /**
     * The model after some steps.
     *
     * @throws IllegalArgumentException if {@code steps} is not a multiple of {@value #EVERY} in [0, {@value #STEPS}]
     */
    synchronized M model(int steps) {
        if (steps < 0 || steps > STEPS || steps % EVERY != 0) {
            throw new IllegalArgumentException(
                    "steps " + steps + " is not a multiple of " + EVERY + " in [0, " + STEPS + "]");
        }
        if (steps > 0 && models.size() < 2) {
            models.clear();
        }
        if (models.isEmpty()) {
            train(steps == 0 ? 0 : STEPS);
        }
        return models.get(steps / EVERY);
    }

    private void train(int steps) {
        Training<M> training = start.get();
        models.add(training.model());
        for (int step = 1; step <= steps; step++) {
            training.step();
            if (step % EVERY == 0) {
                models.add(training.model());
            }
        }
    }
}
