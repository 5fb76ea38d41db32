// swift-tools-version: 6.3
import PackageDescription

// Rooms stand in the order in which data flows through them; a room may name only rooms above it.
// `Tests/ArchitectureTests` holds every `import` against the same table.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

/// The rule sets that are built into the program; a test holds the list against the folder.
let ruleSets = [
    "contact-data.yaml", "credentials.yaml", "discord.yaml", "github.yaml",
    "gitlab.yaml", "health.yaml", "meshhook.yaml", "names.yaml", "national-ids.yaml",
    "network-addresses.yaml", "paddle.yaml", "payment-cards.yaml", "sendgrid.yaml",
    "shopify.yaml", "slack.yaml", "standard-webhooks.yaml", "strict.yaml",
    "stripe.yaml", "svix.yaml", "tokens.yaml", "twilio.yaml",
]

/// The files of the page that `tapedeck ui` serves; a test holds the list against the folder.
let browserPage = [
    "app.js", "detail.js", "icon.svg", "index.html", "json.js", "list.js", "server.js", "style.css",
    "text.js",
    "timeline.js",
]

// ISA-L is there for processors of this kind; the manifest is compiled for the machine that builds.
#if arch(x86_64)
    let fastDeflate: [Target.Dependency] = ["CISAL"]
#else
    let fastDeflate: [Target.Dependency] = []
#endif

let package = Package(
    name: "tapedeck",
    products: [
        .executable(name: "tapedeck", targets: ["tapedeck"]),
        .executable(name: "mesh-target", targets: ["mesh-target"]),
        .library(name: "MeshTarget", targets: ["MeshTarget"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(
            name: "CPcap",
            pkgConfig: "libpcap",
            providers: [.apt(["libpcap-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .systemLibrary(
            name: "CDeflate",
            pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]
        ),
        .systemLibrary(
            name: "CNettle",
            pkgConfig: "nettle",
            providers: [.apt(["nettle-dev"])]
        ),
        .systemLibrary(
            name: "CBrotli",
            pkgConfig: "libbrotlienc",
            providers: [.apt(["libbrotli-dev"])]
        ),
        .systemLibrary(
            name: "CZstd",
            pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]
        ),
        .systemLibrary(
            name: "CNGHTTP2",
            pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"])]
        ),
        .systemLibrary(
            name: "CPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),

        .systemLibrary(name: "CEvents"),

        // Loaded by the first call and not linked: most commands do without it and all that it brings.
        .target(name: "CCurl"),

        // Cores: bytes and values in, bytes and values out.
        .target(name: "Bytes"),
        .target(name: "SeededRandom"),
        .target(
            name: "Compression",
            dependencies: ["Bytes", "CZlib", "CDeflate", "CBrotli", "CZstd"] + fastDeflate
        ),
        .target(name: "HeaderCompression", dependencies: ["Bytes", "CNGHTTP2"]),
        .target(name: "JSON", dependencies: ["Bytes"]),
        .target(name: "Packets", dependencies: ["Bytes"]),
        .target(name: "Diagnosis", dependencies: ["Bytes", "Packets"]),
        .target(name: "Streams", dependencies: ["Bytes", "Packets"]),
        .target(name: "Messages", dependencies: ["Bytes", "Compression", "HeaderCompression"]),
        .target(name: "Signatures", dependencies: ["Bytes", "JSON", "Messages", crypto]),
        .target(
            name: "Anonymization",
            dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages", "CNettle", crypto]
        ),
        .target(name: "Traces", dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages"]),
        .target(name: "Routes", dependencies: ["Bytes", "JSON", "Compression", "Messages", "Traces"]),
        .target(
            name: "Recording",
            dependencies: [
                "Bytes", "Packets", "Streams", "Messages", "Signatures", "Anonymization", "Traces",
            ]
        ),
        .target(
            name: "Correlation",
            dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages", "Traces"]
        ),
        .target(
            name: "Replay",
            dependencies: [
                "Bytes", "SeededRandom", "Packets", "Messages", "Signatures", "Traces", "Correlation",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]
        ),
        .target(
            name: "Checks",
            dependencies: [
                "Bytes", "SeededRandom", "JSON", "Packets", "Compression", "Messages", "Traces",
                .product(name: "RealModule", package: "swift-numerics"),
            ]
        ),
        .target(
            name: "LoadPlans",
            dependencies: [
                "Bytes", "SeededRandom", "JSON", "Messages", "Replay",
            ]
        ),
        .target(
            name: "Reports",
            dependencies: [
                "Bytes", "Compression", "Diagnosis", "JSON", "Packets", "Messages", "Signatures", "Traces",
                "Recording", "Correlation", "Replay", "Checks", "LoadPlans",
                .product(name: "RealModule", package: "swift-numerics"),
            ]
        ),

        // What the fuzzer runs; the unit tests run it over what was found once.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Bytes", "JSON", "Packets", "Streams", "Messages", "Signatures", "Anonymization", "Traces",
                "Recording", "LoadPlans",
            ],
            path: "FuzzTesting/Sources/FuzzTargets"
        ),

        // Values in every place and spelling of traffic, for tests of several rooms.
        .target(
            name: "NestedValues",
            dependencies: ["Bytes", "Compression", "Messages", "Anonymization"],
            path: "Tests/NestedValues"
        ),

        // Holds JSON against a published schema.
        .target(name: "JSONSchemas", path: "Tests/JSONSchemas"),

        // What tests need to speak to servers on loopback: sockets, ports, certificates, connections in raw bytes.
        .target(name: "LoopbackSockets", path: "Tests/LoopbackSockets"),

        // Shells: the owners of files, sockets, clocks, threads and C handles.
        .target(name: "Capture", dependencies: ["Bytes", "Packets", "CPcap"]),
        .target(name: "TraceFiles", dependencies: ["Bytes", "Packets", "Traces"]),
        .target(name: "Transports", dependencies: ["Bytes", "Messages", "Replay", "CEvents"]),
        .target(
            name: "CurlTransport",
            dependencies: ["Bytes", "Messages", "Replay", "Transports", "CCurl", "CEvents"]
        ),
        .target(
            name: "WireTransport",
            dependencies: ["Bytes", "Messages", "Replay", "Transports", "CEvents"]
        ),
        .target(
            name: "Anonymizers",
            path: "Anonymizers",
            resources: ruleSets.map { .embedInCode($0) }
        ),
        .target(
            name: "Configuration",
            dependencies: [
                "JSON", "Messages", "Signatures", "Anonymization", "Correlation", "Replay", "Checks",
                "LoadPlans", "Anonymizers", "Yams",
            ]
        ),
        .target(
            name: "MeshTarget",
            dependencies: [
                "SeededRandom", crypto,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .target(
            name: "RunCallbacks",
            dependencies: [
                "MeshTarget",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .target(
            name: "TraceBrowser",
            dependencies: [
                "Bytes", "Compression", "JSON", "Packets", "Messages", "Signatures", "Anonymization",
                "Traces",
                "Replay", "Checks", "Reports", "TraceFiles",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: browserPage.map { .embedInCode("Page/" + $0) }
        ),
        .executableTarget(
            name: "tapedeck",
            dependencies: [
                "Bytes", "Diagnosis", "JSON", "Packets", "Messages", "Signatures", "Anonymization", "Traces",
                "Routes", "Recording", "Correlation", "Replay", "Checks", "LoadPlans", "Reports", "Capture",
                "TraceFiles",
                "Transports",
                "CurlTransport",
                "WireTransport",
                "Anonymizers", "Configuration", "MeshTarget", "RunCallbacks", "TraceBrowser", crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // The stand-in on a real database: a program of its own, so that `tapedeck` does not link libpq.
        .target(name: "MeshDatabase", dependencies: ["CPostgres", "CEvents"]),
        .target(
            name: "MeshService",
            dependencies: [
                "SeededRandom", "MeshDatabase", "MeshTarget", crypto,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            resources: ["roles", "tables", "functions"].map { .embedInCode("SQL/\($0).sql") }
        ),
        .executableTarget(
            name: "mesh-target",
            dependencies: [
                "MeshDatabase", "MeshService", "MeshTarget",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
    ]
)

// What each suite is built with. `TAPEDECK_TESTS="Replay Transports"` builds those suites alone, which is quicker
// where one room is worked on.
let suites: [(name: String, dependencies: [Target.Dependency])] = [
    (
        "Anonymization",
        [
            "Anonymization", "Bytes", "Compression", "Configuration", "JSON", "Messages", "NestedValues",
            "Packets", "SeededRandom",
        ]
    ),
    ("Architecture", []),
    ("Bytes", ["Bytes"]),
    ("Capture", ["Bytes", "Capture", "LoopbackSockets", "Packets"]),
    ("Checks", ["Checks", "Compression", "JSON", "Messages", "Packets", "Traces", "SeededRandom"]),
    ("Compression", ["Bytes", "Compression"]),
    (
        "Configuration",
        [
            "Anonymization", "Anonymizers", "Bytes", "Checks", "Configuration", "Correlation", "JSON",
            "LoadPlans", "Messages", "Replay", "Signatures",
        ]
    ),
    (
        "Correlation",
        ["Bytes", "Compression", "Correlation", "JSON", "Messages", "Packets", "Traces", "SeededRandom"]
    ),
    ("Diagnosis", ["Bytes", "Diagnosis", "Packets"]),
    (
        "EndToEnd",
        [
            "Bytes", "Compression", crypto, "JSON", "JSONSchemas", "LoopbackSockets", "Messages",
            "NestedValues", "Packets", "TraceFiles", "Traces", "SeededRandom",
        ]
    ),
    ("FuzzCases", ["FuzzTargets", "SeededRandom"]),
    ("HeaderCompression", ["HeaderCompression", "JSON"]),
    ("JSON", ["Bytes", "JSON", "SeededRandom"]),
    ("LoadPlans", ["Bytes", "JSON", "LoadPlans", "Messages", "Replay", "SeededRandom"]),
    ("MeshDatabase", ["JSON", "MeshDatabase", "MeshService", "MeshTarget", "LoopbackSockets"]),
    ("MeshTarget", ["MeshTarget", "LoopbackSockets", "RunCallbacks", "SeededRandom"]),
    ("Messages", ["Bytes", "CZlib", crypto, "Messages", "SeededRandom"]),
    ("Packets", ["Bytes", "Packets", "SeededRandom"]),
    (
        "Recording",
        [
            "Anonymization", "Bytes", "Compression", crypto, "JSON", "Messages", "Packets", "Recording",
            "Signatures", "Streams", "Traces", "SeededRandom",
        ]
    ),
    (
        "Replay",
        ["Bytes", "Correlation", "Messages", "Packets", "Replay", "Signatures", "Traces", "SeededRandom"]
    ),
    (
        "Reports",
        [
            "Checks", "Compression", "Correlation", crypto, "JSON", "JSONSchemas", "LoadPlans", "Messages",
            "Packets",
            "Recording",
            "Replay",
            "Reports",
            "Signatures", "Traces",
        ]
    ),
    ("Routes", ["Messages", "Packets", "Routes", "Traces"]),
    ("Signatures", ["Bytes", crypto, "FuzzTargets", "Messages", "Signatures", "SeededRandom"]),
    ("Streams", ["Bytes", "Packets", "Streams", "SeededRandom"]),
    (
        "TraceBrowser",
        [
            "Bytes", "Checks", "Compression", "JSON", "LoopbackSockets", "Messages", "Packets",
            "TraceBrowser", "TraceFiles", "Traces", "SeededRandom",
        ]
    ),
    ("TraceFiles", ["Bytes", "Compression", "JSON", "Messages", "Packets", "TraceFiles", "Traces"]),
    ("Traces", ["Bytes", "Messages", "Packets", "Traces", "SeededRandom"]),
    (
        "Transports",
        [
            "Bytes", "CurlTransport", "LoopbackSockets", "Messages", "Packets", "Replay", "Traces",
            "Transports", "WireTransport",
        ]
    ),
]
let wanted = Context.environment["TAPEDECK_TESTS"].map { Set($0.split(separator: " ").map(String.init)) }

for (name, dependencies) in suites where wanted?.contains(name) ?? true {
    package.targets.append(
        .testTarget(
            name: name + "Tests",
            dependencies: dependencies,
            resources: name == "TraceFiles" ? [.copy("Resources")] : []
        )
    )
}

// The micro-benchmarks that `Benchmarks/rooms` runs; a usual build does without them.
if Context.environment["TAPEDECK_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "RoomBenchmarks",
            dependencies: [
                "Anonymization", "Bytes", "Compression", "Configuration", "JSON", "Messages", "Packets",
                "Recording", "Streams", "Traces",
            ],
            path: "Benchmarks/Rooms"
        )
    )
    package.targets.append(
        .executableTarget(
            name: "AnonymizerBenchmark",
            dependencies: ["Bytes", "Compression", "Messages", "Anonymization", "Configuration"],
            path: "Benchmarks/Anonymizer"
        )
    )
}

#if arch(x86_64)
    package.targets.append(
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])])
    )
#endif

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableExperimentalFeature("Lifetimes"),
        .treatAllWarnings(as: .error),
    ]
}
