/**
 * JMH benchmarks that compare the engines. {@link dev.microgpt.benchmarks.Comparison} prints one table of them in about a
 * minute, {@link dev.microgpt.benchmarks.AllBenchmarks} runs everything, {@link dev.microgpt.benchmarks.GoalTable} and
 * {@link dev.microgpt.benchmarks.Chart} show what that wrote.
 *
 * <p>Read {@link dev.microgpt.benchmarks.TrainingStepBenchmark} first; the others have the same five parts: the problem,
 * the code, how to run it, what you should see, and beside every variant one to compare it with.
 */
package dev.microgpt.benchmarks;
