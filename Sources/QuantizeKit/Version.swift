import CQuantize

/// The program's name and version.
public enum Version {
  /// The name of the command.
  public static let name = "quantize"

  /// The version, by semver.org.
  public static let number = QUANTIZE_VERSION
}
