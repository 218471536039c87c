import ArgumentParser

@main struct Temper: AsyncParsableCommand {}
