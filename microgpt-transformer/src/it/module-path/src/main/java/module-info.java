/** An application in a module of its own; what microgpt-transformer itself needs comes along. */
module app {
    requires dev.microgpt.transformer;
}
