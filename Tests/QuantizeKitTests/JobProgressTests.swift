import Foundation
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Segmentation
import SoftFormats
import Testing
import TruncatedEM
import _TestSupport

/// What jobs tell of how far they are.
@Suite struct JobProgressTests {
  /// A stage as it was told.
  private struct Told {
    let stage: JobStage
    var fractions: [Double] = []
  }

  /// What the events of a job were.
  private final class Record {
    var stages: [Told] = []
    var strips: [StreamProgress] = []
    var comparisons: [(progress: ComparisonProgress, told: Double)] = []

    var observer: JobEvent.Observer {
      { [self] event in
        switch event {
        case .stage(let stage): stages.append(Told(stage: stage))
        case .progress(let stage, let fraction):
          // It is the stage that began last.
          #expect(stages.last?.stage == stage)
          if !stages.isEmpty {
            stages[stages.count - 1].fractions.append(fraction)
          }
        case .strip(let progress): strips.append(progress)
        case .comparison(let progress):
          comparisons.append((progress, stages.last?.fractions.last ?? 0))
        default: break
        }
      }
    }

    /// The stages of which something was told, in their order.
    var metered: [JobStage] {
      stages.filter { !$0.fractions.isEmpty }.map(\.stage)
    }

    /// Each stage goes from above 0 to 1, and never back.
    func check(_ name: String) {
      for told in stages where !told.fractions.isEmpty {
        let fractions = told.fractions
        #expect(fractions.allSatisfy { $0 > 0 && $0 <= 1 }, "\(name)")
        #expect(
          zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 },
          "\(name), \(told.stage): \(fractions)")
        #expect(fractions.last == 1, "\(name), \(told.stage): \(fractions)")
      }
    }
  }

  private let photo = TestRasters.noisyGradient(width: 420, height: 300)

  private func write(_ folder: ScratchFolder) throws -> FileLocation {
    try folder.write(try PNGEncoder().encode(photo), to: "a.png")
    return .file(folder.path("a.png"))
  }

  private func options(
    _ change: (inout QuantizeOptions) throws -> Void = { _ in }
  ) throws -> QuantizeOptions {
    var options = QuantizeOptions(
      start: .search(try PaletteSize(12)), truncation: .hard)
    try change(&options)
    return options
  }

  private func quantize(
    _ folder: ScratchFolder, _ options: QuantizeOptions,
    _ change: (inout QuantizeJob) -> Void = { _ in }
  ) throws -> Record {
    var job = QuantizeJob(
      input: try write(folder), output: .file(folder.path("b.png")),
      options: options)
    change(&job)
    let record = Record()
    _ = try job.run(events: record.observer)
    return record
  }

  @Test func stagesOfAnImage() throws {
    let changes: [(String, (inout QuantizeOptions) throws -> Void)] = [
      ("plain", { _ in }),
      ("threads", { $0.threads = 3 }),
      ("soft", { $0.quantizer.truncation = Truncation(3) }),
      (
        "dithered",
        { $0.quantizer.dither.method = .errorDiffusion(.floydSteinberg) }
      ),
      ("ordered", { $0.quantizer.dither.method = .ordered(.blueNoise) }),
      ("optimized", { $0.encoding.optimizes = true }),
      (
        "chosen",
        {
          $0.quantizer.start = .choose(
            ColorCountChoice(.criterion(.bic), upTo: try PaletteSize(20)))
        }
      ),
      (
        "target",
        {
          $0.quantizer.start = .choose(
            ColorCountChoice(
              .target(try QualityTarget(peakSignalToNoiseRatio: 26)),
              upTo: try PaletteSize(64)))
        }
      ),
    ]
    for (name, change) in changes {
      let folder = try ScratchFolder()
      let record = try quantize(folder, try options(change)) {
        $0.measures = true
      }
      record.check(name)
      #expect(
        record.metered == [.decode, .histogram, .fit, .map, .encode, .metrics],
        "\(name)")
    }
  }

  @Test func softOutputsAreAStage() throws {
    for format in SoftFormat.allCases where !format.isFolder {
      guard (try? format.loadLibrary()) != nil else { continue }
      let folder = try ScratchFolder()
      let record = try quantize(
        folder, try options { $0.quantizer.truncation = Truncation(3) }
      ) {
        $0.soft.responsibilities = [
          SoftOutputs.Responsibilities(.file(folder.path("c")), format)
        ]
        $0.soft.uncertainty = .file(folder.path("d.png"))
      }
      record.check("\(format)")
      #expect(record.stages.last?.stage == .soft)
      #expect(record.metered.last == .soft, "\(format)")
    }
  }

  @Test func ofStripsTheRowsAreTold() throws {
    let folder = try ScratchFolder()
    let record = try quantize(
      folder,
      try options {
        $0.quantizer.dither.method = .errorDiffusion(.floydSteinberg)
      }
    ) { $0.memory = 1 << 10 }
    record.check("strips")
    #expect(record.metered.contains(.fit))
    #expect(!record.metered.contains(.decode))
    #expect(!record.metered.contains(.encode))
    for pass in [StreamProgress.Pass.counting, .dithering, .writing] {
      let rows = record.strips.filter { $0.pass == pass }.map(\.row)
      #expect(rows == rows.sorted())
      #expect(rows.last == photo.size.height)
    }
  }

  @Test func stagesOfAPalette() throws {
    let folder = try ScratchFolder()
    let record = Record()
    _ = try PaletteJob(
      input: try write(folder), output: .file(folder.path("p.json")),
      options: try options()
    ).run(events: record.observer)
    record.check("palette")
    #expect(record.metered == [.decode, .histogram, .fit, .map])
  }

  @Test func regionsAreMergedInAStageOfTheirOwn() throws {
    for (least, spatial, middle) in [
      (1, 0.0, JobStage.map), (20, 0, .merge), (20, 0.5, .merge),
    ] {
      let folder = try ScratchFolder()
      var options = SegmentOptions(
        .mixture(try PaletteSize(5), Truncation(2), spatial: spatial))
      options.leastRegion = least
      let record = Record()
      _ = try SegmentJob(
        input: try write(folder), output: .file(folder.path("s.png")),
        options: options
      ).run(events: record.observer)
      record.check("segment \(least)")
      #expect(
        record.stages.map(\.stage) == [.decode, .fit, middle, .encode])
      #expect(record.metered.contains(.fit))
      if least > 1 { #expect(record.metered.contains(.merge)) }
    }
    let folder = try ScratchFolder()
    let record = Record()
    var job = SegmentJob(
      input: try write(folder), output: .file(folder.path("s.png")),
      options: SegmentOptions(.superpixels(SuperpixelOptions(count: 300))))
    job.overlay = .file(folder.path("o.png"))
    _ = try job.run(events: record.observer)
    record.check("superpixels")
    #expect(record.metered == [.decode, .fit, .merge, .encode])
  }

  @Test func comparisonsAreNotDoneBeforeTheirImages() throws {
    let folder = try ScratchFolder()
    let input = try write(folder)
    var grid = ComparisonJob(
      input: input,
      grid: try ComparisonGrid(
        colors: [4, 9], truncations: [1, 3],
        dithers: [.none, .errorDiffusion(.floydSteinberg)]),
      options: try options())
    grid.makesPictures = true
    let record = Record()
    _ = try grid.run(events: record.observer)
    record.check("grid")
    #expect(record.metered == [.decode, .histogram, .compare])
    let images = Record()
    var job = ImageComparisonJob(
      original: input, images: [input, input, input])
    job.makesPictures = true
    _ = try job.run(events: images.observer)
    images.check("images")
    #expect(images.metered == [.decode, .compare])
    for (progress, told) in record.comparisons + images.comparisons {
      let done = Double(progress.done) / Double(progress.total)
      #expect(abs(told - done) < 0.02, "\(progress.name)")
    }
    #expect(record.comparisons.count == 8)
    #expect(images.comparisons.count == 3)
  }

  @Test func stagesOfMetricsBeginAgainForEachImage() throws {
    let folder = try ScratchFolder()
    let input = try write(folder)
    let record = Record()
    _ = try MetricsJob(original: input, images: [input, input]).run(
      events: record.observer)
    record.check("metrics")
    #expect(record.metered == [.decode, .decode, .metrics, .decode, .metrics])
  }
}
