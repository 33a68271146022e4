/** Stages 3 to 5: attention, heads and layers, Adam; the GPT as a library. */
module dev.microgpt.transformer {
    requires transitive dev.microgpt.bigram;
    requires transitive dev.microgpt.optim;
    requires dev.microgpt.autograd;
    requires static jdk.incubator.vector; // SIMD where the JVM is started with it, plain loops elsewhere

    exports dev.microgpt;
    exports dev.microgpt.evaluation;
    exports dev.microgpt.transformer;
}
