/**
 * The playground: web pages that show every stage at work, computed by the library. {@link
 * dev.microgpt.playground.Playground} is the server; each {@code …Page} answers the questions of one page; the pages
 * themselves, HTML, CSS and JavaScript modules, are resources beside this package. No stage program imports it.
 */
package dev.microgpt.playground;
