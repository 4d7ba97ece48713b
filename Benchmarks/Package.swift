// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that its dependencies stay out of the main one.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "quantize", path: ".."),
    .package(
      url: "https://github.com/ordo-one/benchmark", from: "1.38.1",
      traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Stages",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "ImageFormats", package: "quantize"),
        .product(name: "Quantization", package: "quantize"),
        .product(name: "TruncatedEM", package: "quantize"),
      ],
      path: "Benchmarks/Stages",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
