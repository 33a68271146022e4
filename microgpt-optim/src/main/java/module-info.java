/** Parameters, gradient descent and learning-rate schedules: what stages 1 to 5 train with. */
module dev.microgpt.optim {
    exports dev.microgpt.optim;
}
