import TruncatedEM

extension QuantizerOptions {
  /// The space in which an image is fitted: that of greys where all its visible
  /// colours and all colours that are given are grey, or else that of colours.
  ///
  /// In a space of colours the same grey value would count three times, and its
  /// posterior would be far too sure (docs/theory.md).
  ///
  /// - Parameter histogram: The colours of the image.
  /// - Returns: ``space`` or its space of greys.
  /// - Complexity: O(given colours).
  package func space(of histogram: ColorHistogram) -> CompositeSpace {
    histogram.isGrey && givesGreys ? space.ofGreys : space
  }

  /// Whether no colour is given that is not grey.
  private var givesGreys: Bool {
    let start =
      switch start {
      case .search, .choose: true
      case .means(let model): model.isGrey
      case .palette(let palette), .subset(_, of: let palette): palette.isGrey
      }
    return start && pinned.allSatisfy(\.isGrey)
  }
}

extension MixtureModel {
  /// Whether the first three coordinates of each mean are equal.
  fileprivate var isGrey: Bool {
    (0..<components).allSatisfy { c in
      let mean = Array(mean(c))
      return mean[0] == mean[1] && mean[1] == mean[2]
    }
  }
}
