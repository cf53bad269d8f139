# SPDX-License-Identifier: GPL-3.0-or-later
#
# One process of a job that was started before it was known what it runs, see RankScript. It loads no module, for that takes longer than all the rest. The
# numbers are Linux's (asm-generic/ioctls.h, fcntl.h, errno-base.h, socket.h).

my ($host, $port, $token, $secret) = split / /, delete $ENV{SCIABC_CALL};
my $rank = $ENV{PMIX_RANK} || $ENV{OMPI_COMM_WORLD_RANK} || 0;
delete $ENV{PERL_BADLANG};
# As in ProgramStart: sent to a whole group of processes, and the program's to heed.
my @signals = qw(TERM HUP INT ABRT ALRM USR1 USR2);
$SIG{PIPE} = sub {} unless ($SIG{PIPE} || "") eq "IGNORE";
my $INTERRUPTED = 4;
my $ABSENT = 2;

# Where the manager listens: family and address, as the kernel takes them.
my ($family, $address) = (2, $host =~ /:/ ? "" : pack("S n C4 x8", 2, $port, split(/\./, $host)));
if (!$address) {
  require Socket;
  my ($failure, $found) = Socket::getaddrinfo($host, $port, {socktype => 1});
  exit 111 if $failure;
  ($family, $address) = ($found->{family}, $found->{addr});
}

# Writes all of it. Returns whether somebody took it.
sub put {
  my ($to, $bytes) = @_;
  for (my $at = 0; $at < length $bytes;) {
    my $written = syswrite($to, $bytes, length($bytes) - $at, $at);
    return 0 if !defined $written && $! != $INTERRUPTED;
    $at += $written || 0;
  }
  return 1;
}

# Reads what there is; nothing at the end.
sub take {
  my ($from, $most) = @_;
  my ($bytes, $read);
  do { $read = sysread($from, $bytes, $most) } while !defined $read && $! == $INTERRUPTED;
  return $read ? $bytes : "";
}

# A connection for one stream, without waiting for what would fill a packet.
sub call {
  my ($kind) = @_;
  my $line;
  socket($line, $family, 1, 6) && connect($line, $address) or exit 111;
  setsockopt($line, 6, 1, pack("i", 1));
  put($line, "$token $rank $kind\n") or exit 111;
  return $line;
}

# What the manager says on it, up to a line feed; nothing when it is gone. It may take its time, when nobody reads what came before.
sub answer {
  my ($line) = @_;
  my $said = "";
  while ($said !~ s/\n$//) {
    my $byte = take($line, 1);
    return "" if $byte eq "";
    $said .= $byte;
  }
  return $said;
}

# Both ends of a terminal that changes nothing of what passes: TIOCSPTLCK, TIOCGPTN, TCGETS, TCSETS, O_RDWR|O_NOCTTY. Where there is
# none, of a pipe.
sub terminal {
  my ($unlocked, $number, $modes) = (pack("i", 0), pack("i", 0), "\0" x 64);
  my ($outer, $inner);
  if (open($outer, "+<", "/dev/ptmx")
      && ioctl($outer, 0x40045431, $unlocked)
      && ioctl($outer, 0x80045430, $number)
      && ioctl($outer, 0x5401, $modes)
      && (substr($modes, 4, 4) = pack("L", unpack("L", substr($modes, 4, 4)) & ~1))
      && ioctl($outer, 0x5402, $modes)
      && sysopen($inner, "/dev/pts/" . unpack("i", $number), 0x102)) {
    return ($outer, $inner);
  }
  pipe($outer, $inner) or exit 111;
  return ($outer, $inner);
}

my ($out, $err) = (call("out"), call("err"));
my $feeder;
if ($rank == 0) {
  my $in = call("in");
  pipe(my $read, my $write) && defined($feeder = fork) or exit 111;
  if (!$feeder) {
    $SIG{$_} = "IGNORE" for @signals;
    close $_ for $out, $err, $read;
    for (my $bytes; ($bytes = take($in, 65536)) ne "";) {
      put($write, $bytes) or last;
    }
    exit 0;
  }
  open(STDIN, "<&", $read);
} else {
  open(STDIN, "<", "/dev/null");
}
my ($output, $its_output) = terminal();
pipe(my $errors, my $its_errors) or exit 111;

# What to run, said by who knows the secret: how many bytes and words of it follow; then the folder, how many variables, these, and the command, each with a zero
# byte at its end.
my $said = answer($out);
if ($said eq "off $secret") {
  kill "KILL", $feeder if $feeder;
  exit 0;
}
my ($length) = $said =~ /^go \Q$secret\E (\d+) / or exit 111;
my $words = "";
while (length $words < $length) {
  my $more = take($out, $length - length $words);
  exit 111 if $more eq "";
  $words .= $more;
}
my ($folder, $variables, @command) = split /\0/, $words, -1;
pop @command;
for (splice @command, 0, $variables) {
  my ($name, $value) = split /=/, $_, 2;
  $ENV{$name} = $value;
}

for my $signal (@signals) {
  $SIG{$signal} = sub {} unless ($SIG{$signal} || "") eq "IGNORE";
}
my $pid = fork;
defined $pid or exit 111;
if (!$pid) {
  open(STDOUT, ">&", $its_output);
  open(STDERR, ">&", $its_errors);
  # As with mpirun: the manager's own where it can be entered, or else home.
  my $usual = $folder =~ s/^~//;
  if (!chdir $folder) {
    my $why = $!;
    $folder = $usual ? $ENV{HOME} || "/" : $folder;
    if (!$usual || !chdir $folder) {
      print STDERR "$folder: $why\n";
      exit 126;
    }
  }
  $ENV{PWD} = $folder;
  # What MPI tells a program of its command line (MPI_INFO_ENV), unless no program could be started with that.
  $ENV{OMPI_COMMAND} = $command[0];
  $ENV{OMPI_ARGV} = join " ", @command[1 .. $#command];
  delete $ENV{OMPI_ARGV} if length $ENV{OMPI_ARGV} > 100_000;
  # A name without a slash may be that of a file in the working folder, where it is none on the PATH.
  if ($command[0] !~ /\// && -f "./$command[0]" && !grep { -f "$_/$command[0]" && -x _ } split /:/, $ENV{PATH} || "") {
    $command[0] = "./$command[0]";
  }
  exec { $command[0] } @command;
  my $why = $! + 0;
  print STDERR "$command[0]: $!\n";
  exit($why == $ABSENT ? 127 : 126);
}
close $_ for $its_output, $its_errors, \*STDIN;

my %ways = (fileno $output => [$output, $out], fileno $errors => [$errors, $err]);
while (%ways) {
  my $ready = "";
  vec($ready, $_, 1) = 1 for keys %ways;
  next if select($ready, undef, undef, undef) < 0;
  for my $number (grep { vec($ready, $_, 1) } keys %ways) {
    my ($from, $to) = @{$ways{$number}};
    my $bytes = take($from, 65536);
    if ($bytes eq "" || !put($to, $bytes)) {
      delete $ways{$number};
      close $from;
    }
  }
}
while (waitpid($pid, 0) < 0 && $! == $INTERRUPTED) {}
my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
kill "KILL", $feeder if $feeder;
put($_, "\036$token$status\n") for $out, $err;
my $code = answer($out);
exit($code eq "" ? 143 : $code);
