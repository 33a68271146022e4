/**
 * The seven programs: one main for each stage of the way from counting letter pairs to a GPT, and one for the early
 * microgpt. Each writes its training loop out in full and prints what the original program prints. And the last of them again in one
 * file, without any library: {@link dev.microgpt.examples.MicroGptInOneFile}.
 *
 * <p><b>Reading order.</b> {@link dev.microgpt.examples.Stage0Bigram}, {@link dev.microgpt.examples.Stage1MlpByHand},
 * {@link dev.microgpt.examples.Stage2Autograd}, {@link dev.microgpt.examples.Stage3Attention},
 * {@link dev.microgpt.examples.Stage4MultiHead}, {@link dev.microgpt.examples.Stage5Adam},
 * {@link dev.microgpt.examples.EarlyMicroGpt}. What they share is beside the point of each and stands in
 * {@code dev.microgpt.frame}: {@link dev.microgpt.frame.Program} with options, data and printing, and
 * {@link dev.microgpt.frame.StepTrace} ({@code --trace}).
 */
package dev.microgpt.examples;
