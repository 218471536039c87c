// swift-tools-version:6.2
import PackageDescription

// Readers of text from outside, one target each, for libFuzzer: see README.md. `Modules` is a link to Temper's own sources.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func reader(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "Fuzz" + name, dependencies: dependencies, path: name,
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library", "-enable-testing"])])
}

func module(_ name: String, _ dependencies: [Target.Dependency] = [], sources: [String]? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Modules/" + name, sources: sources,
        swiftSettings: settings + [.unsafeFlags(["-enable-testing"])])
}

/// The readers of request bodies, without the server around them.
let bodyReaders = [
    "HTTP/JSONReader.swift", "HTTP/JSONWriter.swift", "HTTP/APIError.swift", "Requests", "Replies/ToolCallReader.swift",
    "ServerOptions.swift", "ServedModel.swift",
]

let package = Package(
    name: "fuzz", platforms: [.macOS(.v15)],
    targets: [
        module("TemperCore"), module("TemperTokenizers", ["TemperCore"]),
        .target(name: "CTemperKernels", path: "Modules/CTemperKernels"),
        .target(
            name: "CDNNL", path: "Modules/CDNNL",
            linkerSettings: [
                .linkedLibrary("dnnl", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
            ]),
        module("TemperTransformer", ["TemperCore", "TemperTokenizers", "CTemperKernels", "CDNNL"]),
        module("TemperServer", ["TemperCore", "TemperTokenizers", "TemperTransformer"], sources: bodyReaders),
        reader("HTTPBody", ["TemperCore", "TemperServer"]),
    ])
