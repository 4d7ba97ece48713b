import ArgumentParser

/// The page of a TIFF that is read, for the commands that read one.
struct PageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Read this page of a TIFF, counted from 1. (default: the first, with a \
      warning if there are more)
      """, valueName: "n"),
    transform: Self.page)
  var page: Int?

  /// Reads the number of a page.
  ///
  /// - Throws: `ValidationError`.
  private static func page(_ argument: String) throws -> Int {
    guard let page: Int = NumberArgument.wholeIfValid(argument), page >= 1
    else {
      throw ValidationError(
        "give the number of one page, from 1; `quantize segment` reads several")
    }
    return page
  }
}
