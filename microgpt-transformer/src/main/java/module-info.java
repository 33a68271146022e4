/** Stages 3 to 5: attention, heads and layers, Adam; the GPT as a library. */
module dev.microgpt.transformer {
    requires transitive dev.microgpt.bigram;
    requires transitive dev.microgpt.optim;
    requires dev.microgpt.autograd;

    exports dev.microgpt.transformer;
}
