/**
 * The frame of the programs of {@code dev.microgpt.examples}: {@link dev.microgpt.frame.Program} reads their options, finds their
 * data and prints, {@link dev.microgpt.frame.StepTrace} shows one training step in full ({@code --trace}). The command line
 * uses some of it, too. No stage is about any of this.
 */
package dev.microgpt.frame;
