/** The runnable jar: picks the program that the arguments name. */
package dev.microgpt.cli;
