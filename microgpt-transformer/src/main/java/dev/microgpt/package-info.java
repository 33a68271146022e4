/**
 * The front door: a model that learns from a list of short strings and invents new ones like them.
 *
 * <p>Three types to begin with: {@link dev.microgpt.MicroGpt} trains, generates, scores, saves and loads;
 * {@link dev.microgpt.TrainingOptions} says how to train; {@link dev.microgpt.GenerationOptions} says what to generate.
 * {@link dev.microgpt.Trainer} is for those who want to watch a run or stop it and go on later;
 * {@link dev.microgpt.MicroGpt#report()} tells how good a model is.
 *
 * <pre>{@code
 * MicroGpt model = MicroGpt.train(List.of("emma", "olivia", "ava", "isabella"));
 * model.generate(5).forEach(System.out::println);
 * model.save(Path.of("names.safetensors"));
 * }</pre>
 *
 * <p>Null is neither accepted nor returned, here and in the packages below: a null argument, or a null in a collection, is a
 * {@link java.lang.NullPointerException} that names it, such as {@code strings[3] is null}. Enums may get new constants and sealed
 * types new members, so a {@code switch} over them needs a default.
 *
 * <p>The model itself is in {@link dev.microgpt.transformer}, and what is said about it in {@link dev.microgpt.evaluation}.
 *
 * @since 0.1
 */
package dev.microgpt;
