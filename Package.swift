// swift-tools-version:6.2
import Foundation
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource]? = nil)
    -> Target
{
    .target(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nio: [Target.Dependency] =
    ["NIOCore", "NIOHTTP1", "NIOPosix", "NIOWebSocket"].map { .product(name: $0, package: "swift-nio") }
    + [.product(name: "NIOSSL", package: "swift-nio-ssl")]

let environmentDependencies: [Target.Dependency] = [
    "TemperCore", "TemperSandbox", "TemperPocketText", "TemperDatabases", "TemperOutside", "CSQLite", "CLibXML2",
]

/// Each environment has a README beside its code; the compiler is not to read it.
let environmentReadmes =
    (FileManager.default.enumerator(atPath: Context.packageDirectory + "/Sources/TemperEnvironments")?
    .compactMap { $0 as? String } ?? []).filter { $0.hasSuffix("README.md") }.sorted()

let package = Package(
    name: "temper",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "temper", targets: ["temper"]),
        .library(name: "Temper", targets: ["TemperCore", "TemperEvaluation", "TemperExperiment"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.25.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        module("TemperCore"),
        module("TemperConfiguration", ["TemperCore", yams]),
        .target(name: "CTemperKernels"),
        .target(name: "CTemperProcess"),
        .target(
            name: "CDNNL", dependencies: ["CTemperKernels"],
            linkerSettings: [
                .linkedLibrary("dnnl", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
            ]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
        module("TemperTokenizers", ["TemperCore"]),
        module("TemperTransformer", ["TemperCore", "TemperTokenizers", "CTemperKernels", "CDNNL"]),
        module("TemperEndpoint", ["TemperCore", asyncHTTPClient] + nio),
        module("TemperAgents", ["TemperCore"]),
        module("TemperSandbox", ["TemperCore", "CTemperProcess"]),
        module("TemperPocketText", ["TemperCore"]),
        module("TemperDatabases", ["TemperCore", "TemperSandbox", "CSQLite"]),
        module(
            "TemperOutside", ["TemperCore", "TemperConfiguration", "TemperSandbox", "TemperPocketText"], exclude: ["README.md"],
            resources: [.copy("Resources")]),
        module(
            "TemperEnvironments", environmentDependencies, exclude: environmentReadmes, resources: [.copy("Resources")]),
        module("TemperData", ["TemperCore", "TemperTokenizers", grdb]),
        module("TemperTraining", ["TemperCore", "TemperTransformer"]),
        module(
            "TemperEvaluation", ["TemperCore", "TemperAgents", "TemperEnvironments", mustache], resources: [.copy("Resources")]),
        module("TemperServer", ["TemperCore", "TemperTokenizers", "TemperTransformer", hummingbird, lifecycle]),
        module(
            "TemperExperiment",
            [
                "TemperCore", "TemperConfiguration", "TemperTokenizers", "TemperTransformer", "TemperEndpoint", "TemperAgents",
                "TemperPocketText", "TemperEnvironments", "TemperData", "TemperTraining", "TemperEvaluation",
            ], resources: [.copy("Models")]),
        module(
            "TemperBenchmarks",
            [
                "TemperCore", "TemperTokenizers", "TemperTransformer", "TemperEnvironments", "TemperData", "TemperTraining",
                "TemperExperiment",
            ]),
        .executableTarget(
            name: "temper",
            dependencies: [
                "TemperCore", "TemperTransformer", "TemperEndpoint", "TemperAgents", "TemperSandbox", "TemperEnvironments",
                "TemperData",
                "TemperTraining", "TemperEvaluation",
                "TemperBenchmarks", "TemperExperiment", "TemperServer", argumentParser,
            ], swiftSettings: settings),

        .target(
            name: "TemperTestServer", dependencies: ["TemperCore"] + nio, path: "Tests/TemperTestServer", swiftSettings: settings),
        .target(
            name: "TemperTestSupport", dependencies: ["TemperSandbox"], path: "Tests/TemperTestSupport", swiftSettings: settings),
        // Sees what a program outside the package sees.
        .testTarget(
            name: "TemperEmbeddingTests", dependencies: ["TemperCore", "TemperEvaluation", "TemperExperiment"],
            packageAccess: false, swiftSettings: settings),
        tests("TemperCore"),
        tests("TemperTokenizers", ["TemperCore"], exclude: ["Golden"]),
        tests("TemperTransformer", ["TemperCore", "TemperTokenizers", "CTemperKernels", "CDNNL"], exclude: ["Golden"]),
        tests("TemperServer", ["TemperCore", "TemperTokenizers", "TemperTransformer"] + nio, exclude: ["Golden"]),
        tests("TemperEndpoint", ["TemperCore", "TemperTestServer"]),
        tests("TemperAgents", ["TemperCore"], exclude: ["Golden"]),
        tests("TemperSandbox", ["TemperCore", "TemperTestSupport"]),
        tests("TemperPocketText", ["TemperCore"]),
        tests("TemperOutside", ["TemperCore", "TemperAgents", "TemperSandbox", "TemperPocketText", "TemperEnvironments"]),
        tests("TemperDatabases", ["TemperCore", "TemperSandbox", "TemperTestSupport"]),
        tests(
            "TemperEnvironments",
            [
                "TemperCore", "TemperAgents", "TemperSandbox", "TemperPocketText", "TemperDatabases", "TemperTestSupport",
                "CSQLite",
            ],
            exclude: ["Golden"]),
        tests("TemperData", ["TemperCore", "TemperTokenizers", grdb], exclude: ["Golden"]),
        tests("TemperTraining", ["TemperCore", "TemperTransformer"]),
        tests("TemperEvaluation", ["TemperCore", "TemperAgents", "TemperEnvironments"], exclude: ["Golden"]),
        tests("TemperBenchmarks", ["TemperCore", "TemperTransformer", "TemperTestSupport"]),
        tests(
            "TemperExperiment",
            [
                "TemperCore", "TemperTokenizers", "TemperTransformer", "TemperEndpoint", "TemperAgents", "TemperPocketText",
                "TemperEnvironments", "TemperData", "TemperTraining", "TemperEvaluation", "TemperTestServer", "TemperTestSupport",
                "temper",
            ]),
    ]
)
