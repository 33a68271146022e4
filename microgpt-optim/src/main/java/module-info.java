/** Parameters, optimizers (SGD and Adam) and learning rate schedules: what stages 1 to 5 train with. */
module dev.microgpt.optim {
    exports dev.microgpt.optim;
}
