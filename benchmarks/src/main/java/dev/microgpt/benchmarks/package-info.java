/**
 * JMH benchmarks that compare the engines, and {@link dev.microgpt.benchmarks.Comparison}, which prints one table of them
 * in less than a minute.
 *
 * <p>Read {@link dev.microgpt.benchmarks.TrainingStepBenchmark} first; the others have the same five parts: the problem,
 * the code, how to run it, what you should see, and beside every variant one to compare it with.
 */
package dev.microgpt.benchmarks;
