/** JMH benchmarks that compare the engines. */
package dev.microgpt.benchmarks;
