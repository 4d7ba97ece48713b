import ColorModels
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Testing
import TruncatedEM

@Suite struct OptionsDigestTests {
  private func options(
    _ colors: Int = 16, cprime: Int = 1
  ) throws -> QuantizeOptions {
    QuantizeOptions(
      start: .search(try PaletteSize(colors)),
      truncation: Truncation(cprime))
  }

  private func digest(
    _ options: QuantizeOptions, skipsIfLarger: Bool = false
  ) -> String {
    OptionsDigest.of(options, skipsIfLarger: skipsIfLarger)
  }

  @Test func threadsDoNotMatter() throws {
    var options = try options()
    options.threads = 1
    let one = digest(options)
    options.threads = 8
    #expect(digest(options) == one)
    #expect(one.count == 8)
  }

  @Test func allElseDoes() throws {
    let base = try options()
    var digests = [
      digest(base), digest(base, skipsIfLarger: true),
      digest(try options(17)), digest(try options(cprime: 2)),
    ]
    let changes: [(inout QuantizeOptions) throws -> Void] = [
      { $0.quantizer.seed = 9 }, { $0.quantizer.effort = try Effort(9) },
      { $0.quantizer.pinned = [RGBColor(packed: 0xff0000)] },
      { $0.quantizer.dither.method = .ordered(.blueNoise) },
      { $0.decoding.target = .displayP3 },
      { $0.encoding.format = .jpeg }, { $0.encoding.metadata = .everything },
      { $0.quantizer.importance = .automatic }, { $0.quantizer.balance = 0.5 },
      { $0.quantizer.maximumIterations = 3 }, { $0.quantizer.tolerance = 0.5 },
      { $0.quantizer.acceleration = Acceleration.plain },
      { $0.quantizer.acceleration = .anderson },
      { $0.quantizer.variance = .spherical },
      { $0.quantizer.mixing = .learned },
      { $0.decoding.alpha = .threshold(5) },
      { $0.quantizer.space = CompositeSpace(.oklab) },
      { $0.quantizer.space = CompositeSpace(.srgb, in: .displayP3) },
      { $0.quantizer.posterization = try Posterization(bits: 2) },
      { $0.quantizer.depth = .sixteen }, { $0.quantizer.leastRegion = 9 },
      { $0.encoding.compressionLevel = 9 }, { $0.encoding.optimizes = true },
      { $0.encoding.jpegQuality = 91 },
      { $0.encoding.chromaSubsampling = .rows },
      { $0.quantizer.dither.method = .riemersma },
      { $0.quantizer.dither.strength = 0.5 },
      { $0.quantizer.order.transparentIndex = 3 },
      { $0.quantizer.takesImageColors = true },
      { $0.quantizer.dither.rounds = 1 }, { $0.decoding.keepsGoing = true },
      { $0.decoding.page = 1 }, { $0.decoding.page = 2 },
      { $0.quantizer.aim = .recolor },
    ]
    for change in changes {
      var options = base
      try change(&options)
      digests.append(digest(options))
    }
    #expect(Set(digests).count == digests.count, "\(digests)")
  }

  /// Whoever adds an option says here, and in the digest, whether it changes
  /// outputs.
  @Test func noOptionIsForgotten() throws {
    let colors: Set = [
      "start", "pinned", "truncation", "seed", "effort", "maximumIterations",
      "tolerance", "acceleration", "mixing", "variance", "space", "importance",
      "balance",
      "dither", "posterization", "order", "takesImageColors", "depth",
      "leastRegion", "aim",
    ]
    let reading: Set = ["target", "alpha", "keepsGoing", "page"]
    func labels(_ options: Any) -> Set<String> {
      Set(Mirror(reflecting: options).children.compactMap(\.label))
    }
    let options = try options()
    #expect(labels(options.quantizer) == colors.union(["threads"]))
    #expect(
      labels(options.decoding) == reading.union(["limits", "threads"]))
    #expect(
      labels(options) == [
        "quantizer", "decoding", "encoding", "files", "names",
      ])
  }
}
