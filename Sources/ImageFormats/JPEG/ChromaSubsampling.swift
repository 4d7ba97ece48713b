/// How much less resolution a JPEG's colour has than its brightness, by the
/// digits that are in use for it.
public enum ChromaSubsampling: String, CaseIterable, Sendable {
  /// 4:2:0, half of it in both directions.
  case both = "420"

  /// 4:2:2, half of it in the rows.
  case rows = "422"

  /// 4:4:4, all of it.
  case none = "444"
}
