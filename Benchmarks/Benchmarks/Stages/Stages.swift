import Benchmark
import Foundation
import ImageFormats
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// Microbenchmarks of each stage, on samples/still-life.jpg.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal], maxDuration: .seconds(3))

  guard let stages = Stages() else {
    print("samples/still-life.jpg cannot be read; nothing to measure")
    return
  }
  Benchmark("decode a JPEG") { _ in
    blackHole(try ImageDecoder.decode(stages.file))
  }
  Benchmark("histogram") { _ in
    blackHole(ColorHistogram(of: stages.raster, workers: stages.workers))
  }
  Benchmark("tree") { _ in
    blackHole(stages.histogram.tree(workers: stages.workers))
  }
  for components in [16, 256] {
    for effort in [1, 5] {
      Benchmark("search, k = \(components), effort \(effort)") { _ in
        var options = FitOptions()
        options.effort = try Effort(effort)
        options.maximumIterations = 0
        options.threads = stages.workers.threads
        blackHole(
          try TruncatedEM(options).fit(
            stages.tree, components: components, truncation: .hard))
      }
    }
    for truncation in [1, 2, 3] {
      Benchmark("10 iterations, k = \(components), C' = \(truncation)") { _ in
        var options = FitOptions()
        options.maximumIterations = 10
        options.tolerance = 0
        options.threads = stages.workers.threads
        blackHole(
          try TruncatedEM(options).fit(
            stages.tree, from: stages.starts[components] ?? stages.start,
            truncation: .soft(truncation)))
      }
    }
  }
  Benchmark("round the palette and assign the colours") { _ in
    blackHole(try stages.assignment())
  }
  Benchmark("map the pixels") { _ in
    let map = ColorMap(try stages.assignment())
    blackHole(map.indexed(.eight(stages.raster), workers: stages.workers))
  }
  Benchmark("encode a PNG of 256 colours") { _ in
    blackHole(try PNGEncoder().encode(stages.indexed))
  }
}

/// What each stage works on, made by the stages before it.
private struct Stages: Sendable {
  let workers = Workers(
    threads: ProcessInfo.processInfo.activeProcessorCount)
  let file: [UInt8]
  let raster: Raster
  let histogram: ColorHistogram
  let points: ColorPoints
  let tree: PointTree
  let starts: [Int: MixtureModel]
  let start: MixtureModel
  let indexed: IndexedImage

  init?() {
    let sample = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent()
      .appendingPathComponent("../../../samples/still-life.jpg")
    var options = FitOptions()
    options.effort = .standard
    options.maximumIterations = 0
    guard let data = try? Data(contentsOf: sample),
      let raster = try? ImageDecoder.decode([UInt8](data)).raster,
      let engine = try? TruncatedEM(options)
    else { return nil }
    let histogram = ColorHistogram(of: raster, workers: workers)
    let points = ColorPoints(histogram, engine: engine)
    let tree = points.tree
    guard
      let small = try? engine.fit(tree, components: 16, truncation: .hard),
      let large = try? engine.fit(tree, components: 256, truncation: .hard),
      let assignment = try? ColorAssignment(
        rounding: large.model, of: points),
      let indexed = ColorMap(assignment)
        .indexed(.eight(raster), workers: workers)
    else { return nil }
    file = [UInt8](data)
    self.raster = raster
    self.histogram = histogram
    self.points = points
    self.tree = tree
    starts = [16: small.model, 256: large.model]
    start = large.model
    self.indexed = indexed
  }

  func assignment() throws -> ColorAssignment {
    try ColorAssignment(rounding: start, of: points)
  }
}
