/** Stages 1 and 2: a multilayer perceptron with gradients by hand, and the same one with gradients by autograd. */
module dev.microgpt.mlp {
    requires transitive dev.microgpt.bigram;
    requires transitive dev.microgpt.autograd;
    requires transitive dev.microgpt.optim;

    exports dev.microgpt.mlp;
}
