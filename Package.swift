// swift-tools-version: 6.2

import PackageDescription

/// Every target of ours is held to the same rules: no warning is left standing.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "quantize",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "TruncatedEM", targets: ["TruncatedEM"]),
    .library(
      name: "Quantization",
      targets: [
        "ColorModels", "ImageQuality", "ParallelWork", "Quantization",
        "Rasters", "Regions",
      ]),
    .library(name: "ImageFormats", targets: ["ImageFormats", "Rasters"]),
    .library(
      name: "PaletteFiles", targets: ["ColorModels", "PaletteFiles", "Rasters"]),
    .library(
      name: "Segmentation",
      targets: [
        "Quantization", "Rasters", "Regions", "Segmentation", "TruncatedEM",
      ]),
    .library(
      name: "SoftFormats", targets: ["Rasters", "Segmentation", "SoftFormats"]),
    .library(
      name: "QuantizeKit",
      targets: [
        "ImageFormats", "ImageOutput", "PaletteFiles", "Quantization",
        "QuantizeKit", "Rasters", "Segmentation", "SoftFormats", "TruncatedEM",
      ]),
    .executable(name: "quantize", targets: ["quantize"]),
    // scripts/build-library makes libquantize of it.
    .library(name: "quantize-c", type: .dynamic, targets: ["CInterface"]),
    // The same with the readers and writers of files: libquantize-files.
    .library(
      name: "quantize-files-c", type: .dynamic,
      targets: ["CFileInterface", "CInterface"]),
  ],
  dependencies: [
    .package(
      url: "https://github.com/apple/swift-argument-parser",
      from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // System libraries: module maps, nothing else.
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(
      name: "CLCMS", pkgConfig: "lcms2",
      providers: [.apt(["liblcms2-dev"]), .brew(["little-cms2"])]),
    // Headers only: CSoftShims loads the libraries when they are needed.
    .systemLibrary(
      name: "COpenEXR",
      providers: [.apt(["libopenexr-dev"]), .brew(["openexr"])]),
    .systemLibrary(
      name: "CTIFF",
      providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
    .systemLibrary(
      name: "CWebP",
      providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
    .systemLibrary(
      name: "CGIF",
      providers: [.apt(["libgif-dev"]), .brew(["giflib"])]),
    .target(
      name: "CSoftShims", dependencies: ["CGIF", "COpenEXR", "CTIFF", "CWebP"]),
    // The setjmp walls around the first two, with the checksums of the third.
    // zlib comes with libpng.
    .target(
      name: "CImageShims", dependencies: ["CDeflate", "CJPEG", "CPNG"],
      linkerSettings: [.linkedLibrary("z")]),

    // Owner and extended attributes, which no module of Glibc has.
    .target(name: "CFileAttributes"),

    // Glibc, Musl or Darwin, under one name.
    .target(name: "CLibrary", swiftSettings: strict),
    .target(name: "Rasters", swiftSettings: strict),
    .target(name: "JSONFiles", swiftSettings: strict),
    .target(
      name: "ImageFormats",
      dependencies: [
        "CDeflate", "CImageShims", "CLCMS", "CLibrary", "CSoftShims",
        "ParallelWork", "Rasters",
      ],
      swiftSettings: strict),
    .target(
      name: "ColorModels",
      dependencies: ["CLibrary", "Rasters"],
      swiftSettings: strict),
    .target(
      name: "PaletteFiles",
      dependencies: ["ColorModels", "ImageFormats", "JSONFiles", "Rasters"],
      swiftSettings: strict),
    .target(
      name: "ParallelWork", dependencies: ["CLibrary"], swiftSettings: strict),
    .target(
      name: "ImageQuality",
      dependencies: ["CLibrary", "ColorModels", "ParallelWork", "Rasters"],
      swiftSettings: strict),
    .target(name: "CAllocator"),
    // Kernels for newer instruction sets, chosen at run time.
    .target(name: "CKernels"),
    .target(
      name: "TruncatedEM",
      dependencies: ["CKernels", "CLibrary", "ParallelWork"],
      swiftSettings: strict),
    // Maps of labels, and their connected regions.
    .target(
      name: "Regions", dependencies: ["ParallelWork", "Rasters"],
      swiftSettings: strict),
    .target(
      name: "Quantization",
      dependencies: [
        "CKernels", "CLibrary", "ColorModels", "ImageQuality", "ParallelWork",
        "Rasters", "Regions", "TruncatedEM",
      ],
      swiftSettings: strict),
    // What becomes of mapped pixels: files of images.
    .target(
      name: "ImageOutput",
      dependencies: [
        "ImageFormats", "ParallelWork", "Quantization", "Rasters",
        "TruncatedEM",
      ],
      swiftSettings: strict),
    // The header of the C interface, and what only C can have of it.
    .target(name: "CQuantize"),
    .target(
      name: "CInterface",
      dependencies: [
        "CLibrary", "CQuantize", "ColorModels", "ImageQuality", "ParallelWork",
        "Quantization", "Rasters", "Regions", "Segmentation", "TruncatedEM",
      ],
      swiftSettings: strict),
    .target(
      name: "CFileInterface",
      dependencies: [
        "CInterface", "CQuantize", "ImageFormats", "ImageOutput",
        "PaletteFiles", "Quantization", "Rasters", "TruncatedEM",
      ],
      swiftSettings: strict),
    .target(
      name: "Segmentation",
      dependencies: [
        "CLibrary", "ColorModels", "ParallelWork", "Quantization", "Rasters",
        "Regions", "TruncatedEM",
      ],
      swiftSettings: strict),
    .target(
      name: "SoftFormats",
      dependencies: [
        "CDeflate", "CLibrary", "CSoftShims", "ImageFormats", "JSONFiles",
        "ParallelWork", "Quantization", "Rasters", "Regions", "Segmentation",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    // Tables of numbers, and mixtures fitted to them.
    .target(
      name: "TableFiles",
      dependencies: [
        "ImageFormats", "SoftFormats", "TruncatedEM",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "QuantizeKit",
      dependencies: [
        "CDeflate", "CFileAttributes", "CLibrary", "CQuantize", "ColorModels",
        "ImageFormats", "ImageOutput", "ImageQuality", "JSONFiles",
        "PaletteFiles", "Quantization", "Rasters", "Regions", "Segmentation",
        "SoftFormats", "TableFiles", "TruncatedEM",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    // The page of a comparison.
    .target(
      name: "CompareReport",
      dependencies: [
        "CLibrary", "ColorModels", "ImageFormats", "QuantizeKit", "Rasters",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      resources: [.embedInCode("Assets")],
      swiftSettings: strict),
    // What a server of pictures does, without its HTTP.
    .target(
      name: "ServeCore",
      dependencies: [
        "CLibrary", "ColorModels", "ImageFormats", "ImageOutput",
        "ImageQuality", "JSONFiles", "PaletteFiles", "ParallelWork",
        "Quantization",
        "QuantizeKit", "Rasters", "Segmentation", "TruncatedEM",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "quantize",
      dependencies: [
        "CAllocator", "CLibrary", "ColorModels", "CompareReport",
        "ImageFormats", "ImageOutput", "JSONFiles", "PaletteFiles",
        "ParallelWork", "Quantization", "QuantizeKit", "Rasters",
        "Segmentation", "SoftFormats", "TableFiles", "TruncatedEM",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),

    // Tests mirror the sources.
    .target(
      name: "_TestSupport",
      dependencies: ["CLibrary", "ImageFormats", "Rasters", "Regions"],
      path: "Tests/_TestSupport", swiftSettings: strict),
    // What is given hostile bytes, by the tests and by scripts/fuzz.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CFileInterface", "CInterface", "CLibrary", "CQuantize", "ImageFormats",
        "PaletteFiles", "Quantization", "QuantizeKit", "Rasters", "TruncatedEM",
        "_TestSupport",
      ],
      path: "Fuzz/Targets", swiftSettings: strict),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzTargets", "_TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RastersTests", dependencies: ["Rasters"], swiftSettings: strict),
    .testTarget(
      name: "RegionsTests",
      dependencies: ["Rasters", "Regions", "_TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "JSONFilesTests", dependencies: ["JSONFiles"],
      swiftSettings: strict),
    .testTarget(
      name: "ImageFormatsTests",
      dependencies: [
        "ImageFormats", "ParallelWork", "Rasters", "_TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "ColorModelsTests", dependencies: ["ColorModels", "Rasters"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "ImageQualityTests",
      dependencies: [
        "ColorModels", "ImageFormats", "ImageQuality", "ParallelWork",
        "Rasters", "_TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "PaletteFilesTests",
      dependencies: [
        "ImageFormats", "PaletteFiles", "Rasters", "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ParallelWorkTests", dependencies: ["ParallelWork"],
      swiftSettings: strict),
    .testTarget(
      name: "TruncatedEMTests",
      dependencies: ["TruncatedEM", "ParallelWork", "_TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "QuantizationTests",
      dependencies: [
        "CLibrary", "ColorModels", "ImageQuality", "ParallelWork",
        "Quantization", "Rasters", "Regions", "TruncatedEM", "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CInterfaceTests",
      dependencies: [
        "CInterface", "CQuantize", "ImageQuality", "ParallelWork",
        "Quantization", "Rasters", "Regions", "Segmentation", "TruncatedEM",
        "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CFileInterfaceTests",
      dependencies: [
        "CFileInterface", "CInterface", "CQuantize", "ImageFormats",
        "ImageOutput", "PaletteFiles", "Quantization", "Rasters",
        "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ImageOutputTests",
      dependencies: ["ImageFormats", "ImageOutput"], swiftSettings: strict),
    .testTarget(
      name: "SegmentationTests",
      dependencies: [
        "ColorModels", "ParallelWork", "Quantization", "Rasters", "Regions",
        "Segmentation", "TruncatedEM", "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SoftFormatsTests",
      dependencies: [
        "COpenEXR", "CTIFF", "ImageFormats", "ParallelWork", "Quantization",
        "Rasters", "Regions", "Segmentation", "SoftFormats", "TruncatedEM",
        "_TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict,
      linkerSettings: [.linkedLibrary("OpenEXRCore"), .linkedLibrary("tiff")]),
    .testTarget(
      name: "TableFilesTests",
      dependencies: [
        "SoftFormats", "TableFiles", "TruncatedEM", "_TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "QuantizeKitTests",
      dependencies: [
        "ColorModels", "ImageFormats", "ImageQuality", "PaletteFiles",
        "ParallelWork", "Quantization", "QuantizeKit", "Rasters",
        "Segmentation", "TruncatedEM", "_TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CompareReportTests",
      dependencies: [
        "CompareReport", "ImageFormats", "Quantization", "QuantizeKit",
        "Rasters", "TruncatedEM", "_TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServeCoreTests",
      dependencies: [
        "ColorModels", "ImageFormats", "JSONFiles", "PaletteFiles",
        "Quantization",
        "QuantizeKit", "Rasters", "Segmentation", "ServeCore", "TruncatedEM",
        "_TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "quantize", "CLibrary", "CSoftShims", "ImageFormats", "PaletteFiles",
        "QuantizeKit", "Rasters", "Regions", "_TestSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// libFuzzer is only there in builds of scripts/fuzz, which sets this.
if Context.environment["QUANTIZE_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: ["CFuzzer", "CLibrary", "FuzzTargets"],
      path: "Fuzz/Driver", swiftSettings: strict),
  ]
}

// The DocC plugin is only there in builds of scripts/docs, which sets this.
if Context.environment["QUANTIZE_DOCS"] != nil {
  package.dependencies.append(
    .package(
      url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// The program behind `quantize serve`, with what it needs, is only there in builds of
// scripts/build-command, which sets this: who uses the libraries fetches none of it.
if Context.environment["QUANTIZE_SERVE"] != nil {
  package.dependencies += [
    .package(
      url: "https://github.com/hummingbird-project/hummingbird",
      from: "2.28.1", traits: []),
    .package(
      url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2",
      traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle",
      from: "2.13.0"),
  ]
  package.targets += [
    .target(name: "CServePage", exclude: ["Assets"]),
    .executableTarget(
      name: "quantize-serve",
      dependencies: [
        "CAllocator", "CLibrary", "CServePage", "ColorModels", "JSONFiles",
        "ParallelWork",
        "Quantization", "QuantizeKit", "Rasters", "ServeCore",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Sources/QuantizeServe", swiftSettings: strict),
  ]
}
