# SPDX-License-Identifier: Apache-2.0
# make bench [BENCH_ROWS=N] [BENCH_REPEAT=N] [BENCH_SIZES=N,N] [BENCH_GZIP=yes]
# prints what sfetl costs beside what its libraries alone cost, and writes
# bench.json. It is no test: nothing here can fail a build.
BENCH_ROWS = 1000000
BENCH_REPEAT = 3
BENCH_SIZES = 10000
BENCH_GZIP = no

bench_floor = %D%/gen_accounts %D%/floor_csv %D%/floor_zlib \
	%D%/floor_http %D%/floor_write %D%/instant_server
bench_xml_floor = %D%/gen_idoc %D%/floor_xml %D%/gen_accounts
EXTRA_PROGRAMS = $(bench_floor) %D%/gen_idoc %D%/floor_xml
EXTRA_DIST += %D%/bench.py %D%/bench_xml.py %D%/link_only.c
CLEANFILES += $(bench_floor) $(bench_xml_floor) %D%/link_only bench.json

%C%_gen_accounts_LDADD =
%C%_gen_idoc_LDADD =
%C%_floor_xml_LDADD = $(XML_LIBS)
%C%_floor_csv_LDADD = $(CSV_LIBS)
%C%_floor_zlib_LDADD = $(ZLIB_LIBS)
%C%_floor_http_LDADD = $(CURL_LIBS)
%C%_floor_write_LDADD = $(XXHASH_LIBS)
%C%_instant_server_SOURCES = %D%/instant_server.c %D%/instant_job.c \
	%D%/instant_job.h
%C%_instant_server_LDADD = $(MICROHTTPD_LIBS) $(JANSSON_LIBS) $(ZLIB_LIBS)

# The same libraries as sfetl has, whichever these are.
%D%/link_only: %D%/link_only.c sfetl$(EXEEXT)
	@$(MKDIR_P) %D%
	$(AM_V_CCLD)$(CC) $(HARDEN_CFLAGS) $(SAN_CFLAGS) $(HARDEN_LDFLAGS) \
	  -o $@ $(srcdir)/%D%/link_only.c -Wl,--no-as-needed \
	  $$(objdump -p sfetl$(EXEEXT) | sed -n 's/^ *NEEDED */-l:/p')

bench: $(bin_PROGRAMS) $(bench_floor) %D%/link_only
	$(PYTHON3) $(srcdir)/%D%/bench.py --build $(builddir) \
	  --rows $(BENCH_ROWS) --repeat $(BENCH_REPEAT) \
	  --sizes $(BENCH_SIZES) --gzip $(BENCH_GZIP)
.PHONY: bench

# make bench-xml: XML and other encodings, as ratios; --sizes 30,3000 takes long
bench-xml: $(bin_PROGRAMS) $(bench_xml_floor)
	$(PYTHON3) $(srcdir)/%D%/bench_xml.py --build $(builddir) \
	  --repeat $(BENCH_REPEAT)
.PHONY: bench-xml
