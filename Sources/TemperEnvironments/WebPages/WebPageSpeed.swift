import TemperCore

/// How fast pages are played: for `temper bench environments`.
package enum WebPageSpeed {
    /// Plays the right choices of training tasks of `pocket/web`; a turn is a step, reading the page is part of the first.
    ///
    /// - Returns: turns played, and the seconds they took without making the tasks.
    package static func measure(episodes: Int) async throws -> (steps: Int, seconds: Double) {
        let suite = PocketWebSuite()
        let tasks = try suite.tasks(split: "train", limit: episodes)
        let clock = ContinuousClock()
        let start = clock.now
        var steps = 0
        for task in tasks {
            var environment = try WebPageEnvironment(task)
            let right = try WebPageTask(task).gold
            _ = environment.start()
            var isDone = false
            while !isDone {
                let letters = zip(WebChoice.letters.dropFirst(), environment.shown?.candidates ?? [])
                let letter = letters.first { right.elements.contains($1.identifier) }?.0 ?? "A"
                isDone = environment.take(WebChoice(letter: letter, operation: right.operation, value: right.value).action).isDone
                steps += 1
            }
        }
        return (steps, start.duration(to: clock.now) / .seconds(1))
    }
}
