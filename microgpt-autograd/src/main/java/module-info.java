/** Stage 2: gradients of any expression, by the chain rule. Needs nothing but the JDK. */
module dev.microgpt.autograd {
    exports dev.microgpt.autograd;
}
