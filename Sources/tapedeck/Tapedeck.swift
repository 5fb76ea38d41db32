import ArgumentParser

@main
struct Tapedeck: ParsableCommand {}
