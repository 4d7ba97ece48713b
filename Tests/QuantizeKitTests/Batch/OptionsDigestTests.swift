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
      { $0.seed = 9 }, { $0.effort = try Effort(9) },
      { $0.pinned = [RGBColor(packed: 0xff0000)] },
      { $0.dither.method = .ordered(.blueNoise) },
      { $0.colorTarget = .displayP3 },
      { $0.encoding.format = .jpeg }, { $0.encoding.metadata = .everything },
      { $0.importance = .automatic }, { $0.balance = 0.5 },
      { $0.maximumIterations = 3 }, { $0.tolerance = 0.5 },
      { $0.variance = .spherical }, { $0.mixing = .learned },
      { $0.alpha = .threshold(5) },
      { $0.space = CompositeSpace(.oklab) },
      { $0.space = CompositeSpace(.srgb, in: .displayP3) },
      { $0.posterization = try Posterization(bits: 2) },
      { $0.encoding.compressionLevel = 9 }, { $0.encoding.optimizes = true },
      { $0.encoding.jpegQuality = 91 },
      { $0.encoding.chromaSubsampling = .rows },
      { $0.dither.method = .riemersma }, { $0.dither.strength = 0.5 },
      { $0.dither.rounds = 1 }, { $0.keepsGoing = true },
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
    let withoutEffect: Set = ["threads", "limits"]
    let digested: Set = [
      "start", "pinned", "truncation", "seed", "effort", "maximumIterations",
      "tolerance", "mixing", "variance", "space", "importance", "balance",
      "dither", "posterization", "colorTarget", "alpha", "encoding",
      "keepsGoing",
    ]
    let all = Mirror(reflecting: try options()).children.compactMap(\.label)
    #expect(Set(all) == digested.union(withoutEffect))
  }
}
