import Testing

@testable import TemperTransformer

@Suite struct WorkerTeamTests {
    @Test("Every worker runs on its own part, and after waiting sees what all others wrote", arguments: [1, 2, 5])
    func meetings(count: Int) {
        let team = WorkerTeam(count), cells = Memory(floats: 16 * count), wrong = Memory(floats: 16 * count)
        for round in 1...200 {
            team.run { worker in
                for step in 0..<3 {
                    cells.floats[16 * worker] = Float(3 * round + step)
                    team.wait()
                    for other in 0..<count where cells.floats[16 * other] != Float(3 * round + step) {
                        wrong.floats[16 * worker] += 1
                    }
                    // Nobody writes the next number before all have read this one.
                    team.wait()
                }
            }
        }
        #expect((0..<count).allSatisfy { wrong.floats[16 * $0] == 0 && cells.floats[16 * $0] == 602 })
    }

    @Test("Shares are whole tiles, follow one another and leave nothing out", arguments: [0, 1, 15, 16, 33, 1000], [1, 2, 3, 7])
    func shares(count: Int, workers: Int) {
        let whole = 5..<5 + count
        let shares = (0..<workers).map { whole.share(of: $0, among: workers) }
        #expect(shares.flatMap { Array($0) } == Array(whole))
        for share in shares where !share.isEmpty {
            #expect((share.lowerBound - 5) % 16 == 0)
            #expect(share.count <= ((count + 15) / 16 + workers - 1) / workers * 16)
        }
    }
}
