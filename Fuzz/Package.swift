// swift-tools-version:6.2
import PackageDescription

// Coverage-guided fuzzing of what reads files and requests from outside; see README.md. Sources of the package stand here as links.
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

/// A module of Temper, with what is internal open to the fuzzers.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], sources: [String]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, sources: sources,
        swiftSettings: settings + [.unsafeFlags(["-enable-testing"])])
}

/// The readers of request bodies, without the server around them.
let bodyReaders = [
    "HTTP/JSONReader+Body.swift", "HTTP/JSONWriter.swift", "HTTP/APIError.swift", "Requests", "Replies/ToolCallReader.swift",
    "ServerOptions.swift", "ServedModel.swift",
]

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        module("TemperCore"),
        module("TemperTokenizers", ["TemperCore"]),
        .target(name: "CTemperKernels"),
        .target(
            name: "CDNNL",
            linkerSettings: [
                .linkedLibrary("dnnl", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
            ]),
        module("TemperTransformer", ["TemperCore", "TemperTokenizers", "CTemperKernels", "CDNNL"]),
        module("TemperServer", ["TemperCore", "TemperTokenizers", "TemperTransformer"], sources: bodyReaders),
        fuzzer("SafetensorsFuzz", ["TemperCore"]),
        fuzzer("TokenizerJSONFuzz", ["TemperCore", "TemperTokenizers"]),
        fuzzer("SentencePieceFuzz", ["TemperCore", "TemperTokenizers"]),
        fuzzer("JinjaFuzz", ["TemperCore", "TemperTokenizers"]),
        fuzzer("HTTPBodyFuzz", ["TemperCore", "TemperServer"]),
    ]
)
