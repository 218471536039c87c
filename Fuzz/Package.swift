// swift-tools-version:6.2
import PackageDescription

// Coverage-guided fuzzing of what reads files from outside; see README.md. Sources of the package stand here as links.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// One executable per reader; libFuzzer brings `main`.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "TemperCore", swiftSettings: settings),
        .target(name: "TemperTokenizers", dependencies: ["TemperCore"], swiftSettings: settings),
        fuzzer("TokenizerJSONFuzz", ["TemperCore", "TemperTokenizers"]),
        fuzzer("SentencePieceFuzz", ["TemperCore", "TemperTokenizers"]),
    ]
)
