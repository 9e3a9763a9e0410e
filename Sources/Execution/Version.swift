/// The version of the program, as `--version` and saved results give it.
public enum Version {
  /// Major, minor and patch number.
  public static let number = "0.1.0"
}
