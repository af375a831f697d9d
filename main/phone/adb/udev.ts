/** What lets a user on Linux open a phone on the USB port, as shown by errors, the window and docs/phone.md. */

export const udev = {
  /**
   * Comes before 73-seat-late.rules, which gives devices tagged uaccess to the user who is logged in at the
   * computer.
   */
  file: '/etc/udev/rules.d/51-android.rules',
  /** Samsung's vendor number; a rule for one vendor is enough for a Galaxy S10. */
  rule: 'SUBSYSTEM=="usb", ATTR{idVendor}=="04e8", MODE="0660", GROUP="plugdev", TAG+="uaccess"',
  /** Applies it to devices that are plugged in from then on. */
  reload: 'sudo udevadm control --reload-rules && sudo udevadm trigger',
} as const;
