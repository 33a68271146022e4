package dev.microgpt.optim;

/**
 * An optimizer: a rule that moves parameters against their gradient. It is a record of settings; its state from update to
 * update is in the {@link Moments} that it starts. A later version may add kinds: a {@code switch} over them wants a
 * default.
 *
 * <pre>{@code
 * Parameters parameters = Parameters.builder().tensor("w", 1, 1).build();
 * Parameters gradient = parameters.zeros();
 * gradient.set("w", 0, 0, -3);
 * Optimizer adam = new Adam(0.85, 0.99, 1e-8);
 * Moments moments = adam.start(parameters);
 * adam.update(parameters, gradient, moments, 0.01); // once per step
 * parameters.get("w", 0, 0); // 0.009999999966666666, against the gradient
 * }</pre>
 *
 * @since 0.1
 */
public sealed interface Optimizer permits Sgd, Adam {
    /**
     * Makes the optimizer state for a first update.
     *
     * @param parameters the parameters that will be updated; only their layout is used
     * @return fresh moments: all zero, no update counted
     */
    Moments start(Parameters parameters);

    /**
     * One update of the weights, in place.
     *
     * @param parameters what to move
     * @param gradient derivative of the loss by each parameter, in nats per unit; same layout; not modified
     * @param moments what {@link #start} made for these parameters; moved on by one update
     * @param learningRate how far to go, finite and at least 0
     * @throws IllegalArgumentException if a layout differs, the moments belong to another kind of optimizer, or the
     *     learning rate is negative or not finite; nothing has been changed then
     */
    void update(Parameters parameters, Parameters gradient, Moments moments, double learningRate);
}
