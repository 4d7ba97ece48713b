import CLibrary
public import ColorModels
public import Quantization

/// Every combination of lists of settings.
public struct ComparisonGrid: Sendable {
  /// What is fitted from one search: combinations that only differ in C' and in
  /// what is done after the fit.
  public struct Series: Hashable, Sendable {
    /// k, the number of colours.
    public let k: Int

    /// Where colours are clustered and mapped.
    public let space: WorkingSpace

    /// The seed of the search.
    public let seed: UInt64

    /// The C', in the order in which they are fitted; at least one.
    public let truncations: [Int]
  }

  /// The most combinations: each becomes a picture of the report.
  public static let mostCells = 100

  /// The numbers of colours, each once, 1 to 256.
  public let colors: [Int]

  /// The C', each once.
  public let truncations: [Int]

  /// The spaces, each once.
  public let spaces: [WorkingSpace]

  /// The ways to dither, each once.
  public let dithers: [DitherMethod]

  /// The seeds, each once.
  public let seeds: [UInt64]

  /// Checks lists, of which equal elements count once.
  ///
  /// - Parameters:
  ///   - colors: Numbers of colours, 1 to 256.
  ///   - truncations: C', each at most the largest number of colours.
  ///   - spaces: Where colours are clustered.
  ///   - dithers: How pixels are mixed.
  ///   - seeds: Seeds of the search.
  /// - Throws: `QuantizeError.usage`, naming the option of the command line,
  ///   for a list that is empty, a number out of range, or more than
  ///   ``mostCells`` combinations.
  public init(
    colors: [Int], truncations: [Int], spaces: [WorkingSpace] = [.srgb],
    dithers: [DitherMethod] = [.none], seeds: [UInt64] = [0]
  ) throws(QuantizeError) {
    self.colors = Self.unique(colors)
    self.truncations = Self.unique(truncations)
    self.spaces = Self.unique(spaces)
    self.dithers = Self.unique(dithers)
    self.seeds = Self.unique(seeds)
    for (option, isEmpty) in [
      ("-k", colors.isEmpty), ("--cprime", truncations.isEmpty),
      ("--space", spaces.isEmpty), ("--dither", dithers.isEmpty),
      ("--seed", seeds.isEmpty),
    ] where isEmpty {
      throw .usage("the list of \(option) is empty")
    }
    let range = 1...PaletteSize.mostIndexed
    var most = 1
    for k in colors {
      guard range.contains(k) else {
        throw .usage("-k must be 1 to \(range.upperBound), not \(k)")
      }
      most = max(most, k)
    }
    for cprime in truncations where !(1...most).contains(cprime) {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(most)), not \(cprime)")
    }
    // In floating point: the product of long lists could overflow.
    let product = [
      self.colors.count, self.truncations.count, self.spaces.count,
      self.dithers.count, self.seeds.count,
    ].reduce(1.0) { $0 * Double($1) }
    guard product <= 1e6, cells.count <= Self.mostCells else {
      throw .usage(
        "these lists have more than \(Self.mostCells) combinations; shorten "
          + "one of them")
    }
  }

  /// The searches that are made, in their order. C' beyond a number of colours
  /// are left out of its series.
  public var series: [Series] {
    spaces.flatMap { space in
      colors.flatMap { k in
        seeds.compactMap { seed in
          let fitting = truncations.filter { $0 <= k }
          return fitting.isEmpty
            ? nil
            : Series(k: k, space: space, seed: seed, truncations: fitting)
        }
      }
    }
  }

  /// The combinations, in the order in which they are done: those of a series
  /// together, and of a fit.
  public var cells: [ComparisonCell] {
    series.flatMap { series in
      series.truncations.flatMap { cprime in
        dithers.map { dither in
          ComparisonCell(
            k: series.k, cprime: cprime, space: series.space, dither: dither,
            seed: series.seed)
        }
      }
    }
  }

  /// The entropy, in nats, that no posterior of any combination is above: log
  /// C' of the largest C'.
  public var mostEntropy: Double {
    log(Double(cells.map(\.cprime).max() ?? 1))
  }

  /// Pairs of k and C' that there cannot be, as a line for a person; `nil`
  /// where there are none.
  public var omissions: String? {
    let parts = colors.compactMap { k in
      let beyond = truncations.filter { $0 > k }
      return beyond.isEmpty
        ? nil
        : "k \(k) with C' \(beyond.map(String.init).joined(separator: ", "))"
    }
    return parts.isEmpty
      ? nil
      : "left out, as C' is at most k: " + parts.joined(separator: "; ")
  }

  /// A name for a combination, of all that tells it from the others.
  ///
  /// - Parameter cell: One of ``cells``.
  /// - Returns: k and C', and what else is not the default or not all the same.
  public func name(of cell: ComparisonCell) -> String {
    var parts = ["k \(cell.k)", "C' \(cell.cprime)"]
    if spaces.count > 1 || cell.space != .srgb {
      parts.append(cell.space.rawValue)
    }
    if dithers.count > 1 || cell.dither != .none {
      parts.append(
        cell.dither == .none ? "not dithered" : cell.dither.name)
    }
    if seeds.count > 1 { parts.append("seed \(cell.seed)") }
    return parts.joined(separator: ", ")
  }

  private static func unique<Element: Hashable>(
    _ elements: [Element]
  ) -> [Element] {
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
  }
}
