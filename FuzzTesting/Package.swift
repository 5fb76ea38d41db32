// swift-tools-version: 6.3
import PackageDescription

// The cores under libFuzzer and AddressSanitizer. `Sources` holds links to the rooms of the main package, so that they
// are compiled with the fuzzer's instrumentation and what is `package` there is within reach.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

#if arch(x86_64)
    let fastDeflate: [Target.Dependency] = ["CISAL"]
#else
    let fastDeflate: [Target.Dependency] = []
#endif

let package = Package(
    name: "tapedeck-fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate"),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle"),
        .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlienc"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2"),
        .target(name: "Bytes"),
        .target(name: "SeededRandom"),
        .target(
            name: "Compression",
            dependencies: ["Bytes", "CZlib", "CDeflate", "CBrotli", "CZstd"] + fastDeflate
        ),
        .target(name: "HeaderCompression", dependencies: ["Bytes", "CNGHTTP2"]),
        .target(name: "JSON", dependencies: ["Bytes"]),
        .target(name: "Packets", dependencies: ["Bytes"]),
        .target(name: "Streams", dependencies: ["Bytes", "Packets"]),
        .target(name: "Messages", dependencies: ["Bytes", "Compression", "HeaderCompression"]),
        .target(name: "Signatures", dependencies: ["Bytes", "JSON", "Messages", crypto]),
        .target(
            name: "Anonymization",
            dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages", "CNettle", crypto]
        ),
        .target(name: "Traces", dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages"]),
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
        .target(name: "LoadPlans", dependencies: ["Bytes", "SeededRandom", "JSON", "Messages", "Replay"]),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Bytes", "JSON", "Packets", "Streams", "Messages", "Signatures", "Anonymization", "Traces",
                "Recording", "LoadPlans",
            ]
        ),
        .executableTarget(
            name: "tapedeck-fuzz",
            dependencies: ["FuzzTargets"],
            // The usual linker does not take the debug information that comes with the sanitizers.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]
        ),
    ]
)

#if arch(x86_64)
    package.targets.append(.systemLibrary(name: "CISAL", pkgConfig: "libisal"))
#endif

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableExperimentalFeature("Lifetimes"),
    ]
}
