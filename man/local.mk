# SPDX-License-Identifier: Apache-2.0

dist_man_MANS += %D%/sfetl-summary.5
dist_man_MANS += %D%/sfetl.1 \
	%D%/sfetl-abort.1 \
	%D%/sfetl-check.1 \
	%D%/sfetl-completion.1 \
	%D%/sfetl-convert.1 \
	%D%/sfetl-explain.1 \
	%D%/sfetl-export.1 \
	%D%/sfetl-init.1 \
	%D%/sfetl-mapping.5 \
	%D%/sfetl-org.1 \
	%D%/sfetl-orgs.5 \
	%D%/sfetl-plan.1 \
	%D%/sfetl-preview.1 \
	%D%/sfetl-rehearsal.1 \
	%D%/sfetl-resume.1 \
	%D%/sfetl-retry.1 \
	%D%/sfetl-run.1 \
	%D%/sfetl-functions.5 \
	%D%/sfetl-test.1 \
	%D%/sfetl-verify.1 \
	%D%/sfetl-status.1
