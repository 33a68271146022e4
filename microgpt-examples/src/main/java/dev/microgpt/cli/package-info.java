/**
 * The command line of the runnable jar. {@link dev.microgpt.cli.Main} alone trains the original recipe without arguments;
 * everything else is a command of {@code Commands}, one class each.
 */
package dev.microgpt.cli;
